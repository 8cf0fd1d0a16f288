"""A message is kept until what became of it is written down, whatever goes wrong."""

import traceback
from collections.abc import Callable

import structlog
from celery.exceptions import Reject

from eventbus.delivery import ledger, outage
from eventbus.delivery.crash_points import point
from eventbus.delivery.patience import PATIENCE, SHORT_PATIENCE, patiently, trouble
from eventbus.delivery.runner import Incoming, handle, park
from eventbus.envelope import Envelope
from eventbus.exceptions import InvalidEvent, in_one_line

log = structlog.get_logger("eventbus.messaging.worker")


def run(app: str, wire: dict, redelivered: bool) -> None:
    """React to one message. Raises `Reject`, which gives it back, when nothing can be written.

    While the database is away the message waits here for a while. Any other error outside of
    a reaction is recorded as a failure of what is open, to be retried. An envelope that cannot
    be read is logged and dropped: the ledger still has the event itself and sends it again.
    """
    try:
        incoming = Incoming(Envelope.from_wire(wire), redelivered)
    except InvalidEvent as error:
        log.error("refused: not an envelope", app=app, error=str(error))
        return
    point("worker.received")
    kept(lambda: _handle(app, incoming), PATIENCE)


def park_unknown(app: str, envelope: Envelope, reason: str) -> None:
    """Park an event for `app`. Raises `Reject` as `run` does."""
    kept(lambda: park(app, envelope, reason), SHORT_PATIENCE)


def _handle(app: str, incoming: Incoming) -> None:
    try:
        handle(app, [incoming])
    except Exception as error:
        if outage.is_outage(error):
            raise
        outage.leave()
        log.exception(
            "an error outside of any reaction", app=app, event_type=incoming.envelope.type
        )
        ledger.fail_open(app, incoming.envelope, traceback.format_exc())


def kept(work: Callable[[], None], patience: float) -> None:
    """Try until it is done. Raises nothing but `Reject`."""
    try:
        patiently(work, patience)
    except Exception as error:
        # Such as the time limit, which strikes where it likes.
        outage.leave()
        raise Reject(in_one_line(error), requeue=True) from error
    trouble.is_over()
