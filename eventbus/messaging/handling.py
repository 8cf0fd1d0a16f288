"""Handle messages: each is acknowledged only once its outcome is recorded."""

import time
import traceback
from collections.abc import Callable, Sequence
from enum import StrEnum
from itertools import count

import structlog
from celery.exceptions import Reject, SoftTimeLimitExceeded
from django.core.cache import close_caches
from django.db import connections

from eventbus.conf import conf
from eventbus.delivery import ledger, outage
from eventbus.delivery.batch import can_share, handle_together
from eventbus.delivery.crash_points import crash_point
from eventbus.delivery.outage_retry import (
    RETRY_TIMEOUT,
    SHORT_RETRY_TIMEOUT,
    outage_state,
    retry_through_outage,
)
from eventbus.delivery.runner import Incoming, handle, put_off
from eventbus.envelope import Envelope
from eventbus.exceptions import InvalidEvent, UnknownEventType, in_one_line

log = structlog.get_logger("eventbus.messaging.worker")

#: Jobs after which a process opens a new connection to the database: for each it would cost more
#: than the job, and one that lasts for ever keeps what the server has allocated for it.
CONNECTION_JOBS = 1000

_jobs = count(1)


class Outcome(StrEnum):
    """What became of a message."""

    #: it is written down
    ENDED = "ended"
    #: nothing could be written down: back to the queue
    REQUEUED = "requeued"
    #: the batch took its time before this message was begun, or its external call
    LEFT = "left"
    #: the batch met the time limit, or its answer could not be recorded with the others: to be
    #: run in a job, and so a time limit, of its own
    ALONE = "alone"


def run_job(app: str, messages: Sequence[tuple[dict, bool]]) -> list[tuple[Outcome, float]]:
    """Run messages as the job of a worker's process, whose connections it looks after."""
    try:
        return run(app, messages)
    finally:
        close_caches()
        if not next(_jobs) % CONNECTION_JOBS:
            connections.close_all()


def run(app: str, messages: Sequence[tuple[dict, bool]]) -> list[tuple[Outcome, float]]:
    """React to messages.

    Returns what became of each, and its share of the seconds it took.

    A message is an event on the wire and whether a copy may have been begun. Those that can
    share a transaction do. When that fails they are run one by one, as all others are, so that
    a failure costs only itself. None is begun `BATCH_WITHIN` after the first.

    While the database is away a message waits here for a while. Any other error outside of
    a reaction is recorded as a failure of what is open, to be retried. An envelope that cannot
    be read is logged and dropped: the ledger still has the event itself and sends it again.
    """
    began = time.monotonic()
    outcomes = _run(app, messages)
    return [(outcome, (time.monotonic() - began) / len(messages)) for outcome in outcomes]


def _run(app: str, messages: Sequence[tuple[dict, bool]]) -> list[Outcome]:
    until = time.monotonic() + conf.BATCH_WITHIN.total_seconds()
    incoming = [_read(app, *message) for message in messages]
    crash_point("worker.received")
    shared = [each for each in incoming if each is not None and can_share(each)]
    known = _run_together(app, shared, until) if len(shared) > 1 else {}
    outcomes: list[Outcome] = []
    for each in incoming:
        outcomes.append(known.get(id(each)) or _run_alone(app, each, until, first=not outcomes))
    return outcomes


def _read(app: str, wire: dict, redelivered: bool) -> Incoming | None:
    try:
        return Incoming(Envelope.from_wire(wire), redelivered)
    except InvalidEvent as error:
        log.error("refused: not an envelope", app=app, error=str(error))
        return None


def _run_together(app: str, shared: list[Incoming], until: float) -> dict[int, Outcome]:
    """Run messages in one transaction; returns outcomes by the message's identity.

    Of what has failed and can be tried one by one, none.
    """

    def all_are(outcome: Outcome) -> dict[int, Outcome]:
        return {id(message): outcome for message in shared}

    try:
        unfinished = retry_through_outage(
            lambda: handle_together(app, shared, until),
            RETRY_TIMEOUT,
            is_retryable=outage.is_outage,
        )
    except SoftTimeLimitExceeded:
        outage.drop_connections()
        return all_are(Outcome.ALONE)
    except Exception as error:
        if outage.is_outage(error):
            return all_are(Outcome.REQUEUED)
        log.info("a batch is run one by one", app=app, error=type(error).__name__)
        return {}
    outage_state.clear()
    return (
        all_are(Outcome.ENDED)
        | {id(message): Outcome.LEFT for message in unfinished.left}
        | {id(message): Outcome.ALONE for message in unfinished.alone}
    )


def _run_alone(app: str, message: Incoming | None, until: float, *, first: bool) -> Outcome:
    """Run a message by itself, or leave it where time is up."""
    if message is None:
        return Outcome.ENDED
    if not first and time.monotonic() > until:
        return Outcome.LEFT
    try:
        retry_or_requeue(lambda: _handle(app, message), RETRY_TIMEOUT)
    except Reject:
        return Outcome.REQUEUED
    return Outcome.ENDED


def put_off_unknown(app: str, envelope: Envelope) -> None:
    """Leave an event of a type that this code lacks to newer code. Raises `Reject` as `run` does.

    An event that no newer code can be expected for is parked.
    """
    unknown = UnknownEventType(f"unknown event type {envelope.type}")
    retry_or_requeue(lambda: put_off(app, envelope, unknown), SHORT_RETRY_TIMEOUT)


def _handle(app: str, incoming: Incoming) -> None:
    try:
        handle(app, [incoming])
    except Exception as error:
        if outage.is_outage(error):
            raise
        outage.drop_connections()
        log.exception(
            "an error outside of any reaction", app=app, event_type=incoming.envelope.type
        )
        ledger.fail_open(app, incoming.envelope, traceback.format_exc())


def retry_or_requeue(work: Callable[[], None], timeout: float) -> None:
    """Retry `work` for `timeout` seconds, then raise `Reject`, which requeues the message."""
    try:
        retry_through_outage(work, timeout)
    except Exception as error:
        # Such as the time limit, which strikes where it likes.
        outage.drop_connections()
        raise Reject(in_one_line(error), requeue=True) from error
    outage_state.clear()
