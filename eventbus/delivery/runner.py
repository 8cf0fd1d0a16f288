"""Run an app's reactions: each takes effect once, however often a message comes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import structlog
from django.db import transaction

from eventbus import registry
from eventbus.delivery import ledger, pause
from eventbus.delivery.calls import make_calls
from eventbus.delivery.crash_points import crash_point
from eventbus.delivery.models import LockedDelivery
from eventbus.delivery.outbox import collect_events
from eventbus.delivery.run import (
    Run,
    cancel_on_error,
    own_savepoint,
    record_failure,
    save_outcomes,
)
from eventbus.envelope import Envelope
from eventbus.event import Event
from eventbus.exceptions import BusError, NewerVersion, UnknownEventType

log = structlog.get_logger("eventbus")


@dataclass(frozen=True)
class Incoming:
    """A message as it came in. `redelivered`: an earlier copy may have been begun."""

    envelope: Envelope
    redelivered: bool = False


#: Why what this code does not know is not parked at once. It may be gone from newer code as well.
FOR_NEWER = "for a day newer code may take it, then a person decides"

#: A message and the event in it.
Runnable = tuple[Incoming, Event]


def handle(app: str, messages: Sequence[Incoming], paused: frozenset[str] | None = None) -> None:
    """Run `app`'s open reactions to these messages.

    They run in one transaction: one statement locks what is open, one closes
    what was done. Each has a savepoint of its own with what it emits, but where
    it is the only one: it has the transaction. A reaction that yields a call to
    the outside world is committed at the yield, called outside any transaction,
    and goes on in a transaction of its own. A failing reaction is recorded for
    its retry and harms no other; where it took its transaction along, that is
    done in another, on a new connection if need be. After each commit listeners
    are notified of the events' subjects. What is paused as this begins is left
    waiting; a pause that comes later holds the next batch. `paused`: where that was read before.

    Raises when the database is away or may only be read, and what is wrong with the bus
    itself; nothing is closed then.
    """
    runnable = with_events(app, messages)
    if again := [m.envelope for m, _ in runnable if m.redelivered]:
        # Read once: what is counted as an attempt is what runs.
        paused = pause.paused(app) if paused is None else paused
        ledger.count_attempt(app, again, paused)
        crash_point("worker.counted")
    for run in _run_open(app, runnable, paused):
        if run.call is None:
            run.log_outcome()
        else:
            make_calls([run])


def park(app: str, envelope: Envelope, reason: str) -> None:
    """Set an event aside for `app`, visible and retryable, with the reason."""
    rows = ledger.park_event(app, envelope, reason)
    log.error(
        "parked" if rows else "refused: this event was never emitted",
        app=app,
        event_type=envelope.type,
        event_id=str(envelope.id),
        reason=reason,
    )


def put_off(app: str, envelope: Envelope, error: NewerVersion | UnknownEventType) -> None:
    """Leave an event to newer code beside this; once no deploy takes so long, park it."""
    reason = f"{error}: {FOR_NEWER}"
    if ledger.put_off_event(app, envelope, reason):
        log.warning(
            "left to newer code",
            app=app,
            event_type=envelope.type,
            event_id=str(envelope.id),
            reason=reason,
        )
    else:
        park(app, envelope, reason)


def with_events(app: str, messages: Iterable[Incoming]) -> list[Runnable]:
    """Return the messages with their events; put off or park those that this code cannot read."""
    return [(m, event) for m in messages if (event := _event_or_park(app, m)) is not None]


def _event_or_park(app: str, message: Incoming) -> Event | None:
    """Return the message's event, or None when it had to be put off or parked."""
    try:
        return message.envelope.event()
    except (NewerVersion, UnknownEventType) as error:
        put_off(app, message.envelope, error)
        return None
    except BusError as error:
        park(app, message.envelope, str(error))
        return None


def _run_open(app: str, runnable: list[Runnable], paused: frozenset[str] | None) -> list[Run]:
    """Run what is open in one transaction; again without a run that took it along."""
    while True:
        runs: list[Run] = []
        try:
            with transaction.atomic(), cancel_on_error():
                runs = lock_runs(app, runnable, paused)
                crash_point("worker.locked")
                _advance(runs)
                save_outcomes(runs)
                crash_point("worker.ran")
        except Exception as error:
            if not record_failure(error, runs):
                raise
        else:
            crash_point("worker.committed")
            return runs


def _advance(runs: Sequence[Run]) -> None:
    """Begin runs that commit together; one alone needs no savepoint beside its transaction."""
    if len(runs) == 1:
        with collect_events():
            runs[0].advance()
        return
    for run in runs:
        try:
            with own_savepoint():
                run.advance()
        except Exception as error:
            run.fail(error)


def lock_runs(
    app: str,
    runnable: list[Runnable],
    paused: frozenset[str] | None = None,
    *,
    timeout: str | None = None,
) -> list[Run]:
    """Lock what is open and count this attempt on each, as `ledger.lock` does."""
    messages = {message.envelope.id: (message, event) for message, event in runnable}
    envelopes = [message.envelope for message, _ in runnable]
    runs = []
    for row in ledger.lock(app, envelopes, paused, timeout=timeout):
        message, event = messages[row.event_id]
        known = {r.name: r for r in registry.reactions_to(message.envelope.type, app)}
        if row.reaction not in known:
            _close_unknown(row)
            continue
        if not message.redelivered:
            row.attempts += 1
        runs.append(Run(row, known[row.reaction], event, message.envelope))
    return runs


def _close_unknown(row: LockedDelivery) -> None:
    """Put off or park a reaction this code lacks; a row without a name gives way to named ones."""
    if not row.reaction:
        ledger.mark_done(row, 0)
    elif wait := ledger.wait_for_newer(row.event_id):
        ledger.mark_put_off(row, _lacks(row), wait)
    else:
        ledger.mark_parked(row, _lacks(row))
    ledger.save([row])


def _lacks(row: LockedDelivery) -> str:
    return f"this code has no reaction {row.reaction}: {FOR_NEWER}"
