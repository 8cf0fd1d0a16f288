"""Run an app's reactions: each takes effect once, however often a message comes."""

import logging
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog
from django.core.exceptions import ValidationError as WrongValue
from django.db import connection, transaction
from pydantic import ValidationError

from eventbus import registry
from eventbus.context import caused_by
from eventbus.delivery import ledger, outage, pause
from eventbus.delivery.crash_points import crash_point
from eventbus.delivery.models import Delivery
from eventbus.delivery.notify import notify_after_commit
from eventbus.delivery.outage_retry import RETRY_TIMEOUT, retry_through_outage
from eventbus.delivery.outbox import collect_events
from eventbus.envelope import Envelope
from eventbus.event import Event
from eventbus.exceptions import BusError, PermanentError
from eventbus.personal import mask_values
from eventbus.registry import ExternalCalls, Reaction
from eventbus.signals import reaction_finished

log = structlog.get_logger("eventbus")

#: Errors that no retry can mend, such as a value that does not fit its event or model.
PERMANENT_ERRORS = (PermanentError, ValidationError, WrongValue)


@dataclass(frozen=True)
class Incoming:
    """A message as it came in. `redelivered`: an earlier copy may have been begun."""

    envelope: Envelope
    redelivered: bool = False


#: A message and the event in it.
Runnable = tuple[Incoming, Event]


def handle(app: str, messages: Sequence[Incoming]) -> None:
    """Run `app`'s open reactions to these messages.

    They run in one transaction: one statement locks what is open, one closes
    what was done. Each has a savepoint of its own with what it emits, but where
    it is the only one: it has the transaction. A reaction that yields a call to
    the outside world is committed at the yield, called outside any transaction,
    and goes on in a transaction of its own. A failing reaction is recorded for
    its retry and harms no other; where it took its transaction along, that is
    done in another, on a new connection if need be. After each commit listeners
    are notified of the events' subjects. What is paused as this begins is left
    waiting; a pause that comes later holds the next batch.

    Raises when the database is away or may only be read, and what is wrong with the bus
    itself; nothing is closed then.
    """
    runnable = with_events(app, messages)
    paused = None
    if again := [m.envelope for m, _ in runnable if m.redelivered]:
        # Read once: what is counted as an attempt is what runs.
        paused = pause.paused(app)
        ledger.count_attempt(app, again, paused)
        crash_point("worker.counted")
    for run in _run_open(app, runnable, paused):
        _make_external_calls(run)


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


@dataclass
class CallResult:
    """The value that an external call returned, or the error it raised."""

    value: Any = None
    error: Exception | None = None
    is_consumed: bool = False

    @classmethod
    def of(cls, call: Callable[[], Any]) -> "CallResult":
        try:
            return cls(value=call())
        except Exception as error:
            return cls(error=error)

    def resume(self, steps: ExternalCalls) -> Any:
        """Resume a reaction with it; returns its next call, raises what the reaction raises."""
        self.is_consumed = True
        return steps.throw(self.error) if self.error else steps.send(self.value)

    def can_retry(self, error: BaseException) -> bool:
        """Return whether only the database failed, before the reaction was resumed."""
        return not self.is_consumed and outage.is_outage(error)


@dataclass
class Run:
    """The run of one delivery's reaction."""

    row: Delivery
    reaction: Reaction
    event: Event
    envelope: Envelope
    call: Callable[[], Any] | None = None
    steps: ExternalCalls | None = None
    error: str = ""
    #: seconds that it has run by now, its calls among them
    took: float = 0.0

    def advance(self, result: CallResult | None = None) -> None:
        """Run up to the next external call or the end and mark the row. Raises its error."""
        with self.timed(), caused_by(self.envelope, self.reaction):
            self.call = self._next_call(result or CallResult())
        if self.call is not None:
            ledger.mark_leased(self.row)
        else:
            ledger.mark_done(self.row, self.duration_ms)

    def advance_in_savepoint(self, result: CallResult | None = None) -> None:
        """Do the same in a savepoint; a failure marks the row, too.

        What it emits and the constraints it deferred are part of it: their
        errors are this reaction's, not those of all that commit with it.
        """
        try:
            with transaction.atomic():
                with collect_events():
                    self.advance(result)
                check_constraints()
        except Exception as error:
            if outage.is_outage(error):
                raise
            if connection.needs_rollback:
                raise _ConnectionBroken(self) from error
            ledger.mark_failed(self.row, **self._failed(error))

    def record_failure(self, error: Exception) -> None:
        """Record an error that took the run's transaction along."""
        ledger.fail_alone(self.row, **self._failed(error))
        self.log_outcome()

    def _failed(self, error: Exception) -> dict[str, Any]:
        """End the run with an error; returns what the ledger says of it."""
        summary = f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"
        # For the log and traces; the ledger has the whole error, for those who may see it.
        self.call, self.error = None, mask_values(summary, self.envelope.type, self.envelope.data)
        return {
            "error": "".join(traceback.format_exception(error)),
            "duration_ms": self.duration_ms,
            "is_permanent": isinstance(error, PERMANENT_ERRORS),
        }

    @contextmanager
    def timed(self) -> Iterator[None]:
        """Count the time that passes within as this run's."""
        began = time.monotonic()
        try:
            yield
        finally:
            self.took += time.monotonic() - began

    def _next_call(self, result: CallResult) -> Callable[[], Any] | None:
        if not self.reaction.is_external:
            self.reaction.run(self.event)
            return None
        self.steps = self.steps or self.reaction.run(self.event)
        try:
            call = result.resume(self.steps)
        except StopIteration:
            return None
        if not callable(call):
            raise TypeError(f"{self.reaction.name} must yield a call, not {call!r}")
        return call

    @property
    def duration_ms(self) -> int:
        return round(self.took * 1000)

    def log_outcome(self) -> None:
        """Log the run in one line and send `reaction_finished`."""
        log.log(
            logging.INFO if self.row.state == Delivery.State.DONE else logging.WARNING,
            "reaction",
            reaction=f"{self.reaction.app}.{self.reaction.name}",
            event_type=self.envelope.type,
            event_id=str(self.envelope.id),
            subject=self.envelope.subject,
            correlation_id=str(self.envelope.correlation_id),
            causation_id=str(self.envelope.causation_id or ""),
            attempt=self.row.attempts,
            duration_ms=self.row.duration_ms,
            outcome=str(self.row.state),
            **({"error": self.error} if self.error else {}),
        )
        reaction_finished.send_robust(
            sender=Delivery, row=self.row, envelope=self.envelope, error=self.error
        )


class _ConnectionBroken(Exception):
    """A reaction's error that left its connection in a state in which nothing can be written."""

    def __init__(self, run: Run) -> None:
        super().__init__()
        self.run = run


def _record_failure(error: Exception, runs: Sequence[Run]) -> None:
    """Record an error with which the transaction of these runs was rolled back.

    Raises it where it is none of theirs: the database is away, or the bus itself failed.
    """
    if isinstance(error, _ConnectionBroken) and isinstance(error.__cause__, Exception):
        error.run.record_failure(error.__cause__)
    elif len(runs) == 1 and not outage.is_outage(error):
        runs[0].record_failure(error)
    else:
        raise error


#: In one statement. Django's `check_constraints` sends two.
_CHECK_CONSTRAINTS = """
    do $$ begin set constraints all immediate; set constraints all deferred; end $$
"""


def check_constraints() -> None:
    """Check now what constraints were deferred to the commit; what comes is deferred again."""
    with connection.cursor() as cursor:
        cursor.execute(_CHECK_CONSTRAINTS)


def with_events(app: str, messages: Iterable[Incoming]) -> list[Runnable]:
    """Return the messages with their events; park those that this code cannot read."""
    return [(m, event) for m in messages if (event := _event_or_park(app, m)) is not None]


def _event_or_park(app: str, message: Incoming) -> Event | None:
    """Return the message's event, or None when it had to be parked."""
    try:
        return message.envelope.event()
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
            _record_failure(error, runs)
        else:
            crash_point("worker.committed")
            return runs


def _advance(runs: Sequence[Run], result: CallResult | None = None) -> None:
    """Advance runs that commit together; one alone needs no savepoint beside its transaction."""
    if len(runs) == 1:
        with collect_events():
            runs[0].advance(result)
        return
    for run in runs:
        run.advance_in_savepoint(result)


@contextmanager
def cancel_on_error() -> Iterator[None]:
    """Cancel the running statement on an error; else the server would go on with it."""
    try:
        yield
    except Exception:
        outage.cancel_running()
        raise


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


def _close_unknown(row: Delivery) -> None:
    """Park a reaction this code lacks; a row without a name has given way to named ones."""
    if row.reaction:
        ledger.mark_parked(row, f"this code has no reaction {row.reaction}")
    else:
        ledger.mark_done(row, 0)
    ledger.save([row])


def _make_external_calls(run: Run) -> None:
    """Make the external calls a reaction yielded, each result in a transaction of its own.

    A result waits for a database that is away: otherwise its call would be made again.
    """
    while run.call is not None:
        crash_point("worker.calling")
        with run.timed():
            result = CallResult.of(run.call)
        crash_point("worker.called")
        try:
            if not retry_through_outage(
                partial(_resume_with, run, result), RETRY_TIMEOUT, result.can_retry
            ):
                return
        except Exception as error:
            _record_failure(error, [run] if result.is_consumed else [])
            return
        crash_point("worker.concluded")
    run.log_outcome()


def _resume_with(run: Run, result: CallResult) -> bool:
    """Resume a run with a result; False if another worker has taken the delivery over."""
    with transaction.atomic(), cancel_on_error():
        if not ledger.relock(run.row):
            return False
        _advance([run], result)
        save_outcomes([run])
        crash_point("worker.recorded")
    return True


def save_outcomes(runs: list[Run]) -> None:
    """Write the state of these runs, and notify listeners once it is committed."""
    if runs:
        ledger.save([run.row for run in runs])
        notify_after_commit(run.envelope.subject for run in runs)
