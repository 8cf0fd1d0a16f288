"""A message is kept until what became of it is written down, whatever goes wrong."""

import random
import time
import traceback
from collections.abc import Callable

import structlog
from celery.exceptions import Reject

from shop.bus import ledger, outage
from shop.bus.crashing import point
from shop.bus.envelope import Envelope
from shop.bus.errors import InvalidEvent, in_one_line
from shop.bus.runner import Incoming, handle, park
from shop.bus.trouble import Trouble

log = structlog.get_logger("shop.bus.worker")

#: Seconds a message waits for the database before it goes back to the queue.
PATIENCE = 30.0
#: Seconds that one waits which holds up the loop that consumes.
SHORT_PATIENCE = 5.0
#: Seconds between two tries, doubling from the first to the second.
SHORTEST_PAUSE, LONGEST_PAUSE = 0.25, 2.0

#: This worker's, from before its processes are forked.
trouble = Trouble()


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
        _patiently(work, patience)
    except Exception as error:
        # Such as the time limit, which strikes where it likes.
        outage.leave()
        raise Reject(in_one_line(error), requeue=True) from error
    trouble.is_over()


def _patiently(work: Callable[[], None], patience: float) -> None:
    give_up, pause = time.monotonic() + patience, SHORTEST_PAUSE
    while True:
        try:
            return work()
        except Exception as error:
            outage.leave()
            # The lines below the first may quote rows, and so people.
            told = f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"
            trouble.has_come(told)
            log.warning("a message waits: nothing can be written down", error=told)
            if time.monotonic() > give_up:
                raise
        # Those who wait do not all come at once.
        time.sleep(pause * random.uniform(0.5, 1.5))
        pause = min(pause * 2, LONGEST_PAUSE)
