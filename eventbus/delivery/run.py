"""One delivery's run: up to an external call, on from its result, to its end or its failure."""

import logging
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

import structlog
from django.core.exceptions import ValidationError as WrongValue
from django.db import connection, transaction
from pydantic import ValidationError

from eventbus.context import caused_by, reacting
from eventbus.delivery import ledger, outage
from eventbus.delivery.models import Delivery, LockedDelivery
from eventbus.delivery.notify import notify_after_commit
from eventbus.delivery.outbox import collect_events
from eventbus.envelope import Envelope
from eventbus.event import Event
from eventbus.exceptions import PermanentError
from eventbus.personal import mask_values
from eventbus.registry import Call, ExternalCalls, Reaction
from eventbus.signals import reaction_finished

log = structlog.get_logger("eventbus")

#: Errors that no retry can mend, such as a value that does not fit its event or model.
PERMANENT_ERRORS = (PermanentError, ValidationError, WrongValue)


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

    def consume(self) -> Any:
        """Return the value, or raise the error, for a generator that goes on with several."""
        self.is_consumed = True
        if self.error:
            raise self.error
        return self.value


@dataclass(eq=False)
class Run:
    """The run of one delivery's reaction."""

    row: LockedDelivery
    reaction: Reaction
    event: Event
    envelope: Envelope
    call: Callable[[], Any] | None = None
    steps: ExternalCalls | None = None
    #: those that share its generator, where its reaction takes many
    together: "RunsTogether | None" = None
    error: str = ""
    #: seconds that it has run by now, its calls among them
    took: float = 0.0

    def advance(self, result: CallResult | None = None) -> None:
        """Run up to the next external call or the end and mark the row. Raises its error."""
        with self._timed(), caused_by(self.envelope, self.reaction):
            self.call = self._next_call(result or CallResult())
        self.mark()

    def mark(self) -> None:
        """Mark the row by how far the run has come: leased for a call, or done."""
        if self.call is not None:
            ledger.mark_leased(self.row)
        else:
            ledger.mark_done(self.row, self.duration_ms)

    def fail(self, error: Exception) -> None:
        """Mark the row failed by an error that took no more than its savepoint along.

        Raises the error where the database is away, and `ConnectionBroken`.
        """
        if outage.is_outage(error):
            raise error
        if connection.needs_rollback:
            raise ConnectionBroken(self) from error
        ledger.mark_failed(self.row, **self._failed(error))

    def record_failure(self, error: Exception) -> None:
        """Record an error that took the run's transaction along."""
        ledger.fail_alone(self.row, **self._failed(error))
        self.log_outcome()

    def _failed(self, error: Exception) -> dict[str, Any]:
        """End the run with an error; returns what the ledger says of it."""
        summary = f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"
        # For the log and traces; the ledger has the whole error, for those who may see it.
        of = self.envelope
        self.call, self.error = None, mask_values(summary, of.type, of.version, of.data)
        return {
            "error": "".join(traceback.format_exception(error)),
            "duration_ms": self.duration_ms,
            "is_permanent": isinstance(error, PERMANENT_ERRORS),
        }

    def make_call(self) -> CallResult:
        """Make the call that it has yielded."""
        assert self.call is not None
        with self._timed():
            return CallResult.of(self.call)

    @contextmanager
    def _timed(self) -> Iterator[None]:
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


class RunsTogether:
    """Runs of a reaction that takes many: it is called once, and its generator is theirs."""

    def __init__(self, runs: Sequence[Run]) -> None:
        self._reaction = runs[0].reaction
        self._steps: ExternalCalls | None = None
        for run in runs:
            run.together = self

    def advance(self, runs: Sequence[Run], answers: Mapping[UUID, Any] | None = None) -> None:
        """Run those that still go on up to their next calls or the end, and mark their rows.

        The time is shared out evenly. Raises the reaction's error.
        """
        began = time.monotonic()
        with reacting(self._reaction, [run.envelope for run in runs]):
            calls = self._next_calls([run.event for run in runs], answers)
        for run in runs:
            run.took += (time.monotonic() - began) / len(runs)
            run.call = calls.get(run.event.id)
            run.mark()

    def _next_calls(
        self, events: Sequence[Event], answers: Mapping[UUID, Any] | None
    ) -> Mapping[UUID, Call]:
        if not self._reaction.is_external:
            self._reaction.run(*events)
            return {}
        self._steps = self._steps or self._reaction.run(*events)
        try:
            return cast("Mapping[UUID, Call]", self._steps.send(answers))
        except StopIteration:
            return {}


@contextmanager
def own_savepoint() -> Iterator[None]:
    """Run a reaction in a savepoint.

    What it emits and the constraints it deferred are part of it: their
    errors are this reaction's, not those of all that commit with it.
    """
    with transaction.atomic():
        with collect_events():
            yield
        check_constraints()


class ConnectionBroken(Exception):
    """A reaction's error that left its connection in a state in which nothing can be written."""

    def __init__(self, run: Run) -> None:
        super().__init__()
        self.run = run


def record_failure(error: Exception, runs: Sequence[Run]) -> Run | None:
    """Record an error with which the transaction of these runs was rolled back, as its run's.

    Returns that run; None where it is none of theirs: the database is away, or the bus failed.
    """
    if isinstance(error, ConnectionBroken) and isinstance(error.__cause__, Exception):
        run, error = error.run, error.__cause__
    elif len(runs) == 1 and not outage.is_outage(error):
        run = runs[0]
    else:
        return None
    run.record_failure(error)
    return run


#: In one statement. Django's `check_constraints` sends two.
_CHECK_CONSTRAINTS = """
    do $$ begin set constraints all immediate; set constraints all deferred; end $$
"""


def check_constraints() -> None:
    """Check now what constraints were deferred to the commit; what comes is deferred again."""
    with connection.cursor() as cursor:
        cursor.execute(_CHECK_CONSTRAINTS)


@contextmanager
def cancel_on_error() -> Iterator[None]:
    """Cancel the running statement on an error; else the server would go on with it."""
    try:
        yield
    except Exception:
        outage.cancel_running()
        raise


def save_outcomes(runs: list[Run]) -> None:
    """Write the state of these runs, and notify listeners once it is committed."""
    if runs:
        ledger.save([run.row for run in runs])
        notify_after_commit(run.envelope.subject for run in runs)
