"""Running an app's reactions: once in effect, however often a message comes."""

import logging
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
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
from eventbus.delivery.outbox import collected
from eventbus.delivery.patience import PATIENCE, patiently
from eventbus.envelope import Envelope
from eventbus.event import Event
from eventbus.exceptions import BusError, PermanentError
from eventbus.personal import mask_values
from eventbus.registry import ExternalCalls, Reaction
from eventbus.signals import reaction_finished

log = structlog.get_logger("eventbus")

#: What says the same however often it is tried: a value that does not fit its event or model.
HOPELESS = (PermanentError, ValidationError, WrongValue)


@dataclass(frozen=True)
class Incoming:
    """A message as it came in. `redelivered`: an earlier copy may have been begun."""

    envelope: Envelope
    redelivered: bool = False


#: A message and the event in it.
Runnable = tuple[Incoming, Event]


def handle(app: str, messages: Sequence[Incoming]) -> None:
    """Run `app`'s open reactions to these messages.

    They run in one transaction, each in a savepoint of its own with what it
    states: one statement locks what is open, one closes what was done. A
    reaction that yields a call to the outside world is committed at the yield,
    called outside any transaction, and goes on in a transaction of its own. A
    failing reaction is recorded for its retry and harms no other; where it has
    spoilt the connection, that is done on a new one. After each
    commit the events' subjects are announced to who watches. What is paused as this
    begins is left waiting; a pause that comes later holds the next batch.

    Raises when the database is away or may only be read, and what is wrong with the bus
    itself; nothing is closed then.
    """
    runnable = readable(app, messages)
    # Read once: what is counted as an attempt is what runs.
    paused = pause.paused(app)
    if again := [m.envelope for m, _ in runnable if m.redelivered]:
        ledger.count_attempt(app, again, paused)
        crash_point("worker.counted")
    for run in _in_savepoints(app, runnable, paused):
        _finish(run)


def park(app: str, envelope: Envelope, reason: str) -> None:
    """Set an event aside for `app`, visible and retryable, with the reason."""
    rows = ledger.park_event(app, envelope, reason)
    log.error(
        "parked" if rows else "refused: nobody stated this event",
        app=app,
        event_type=envelope.type,
        event_id=str(envelope.id),
        reason=reason,
    )


@dataclass
class _Answer:
    """What an outside call gave back, or the error it raised."""

    value: Any = None
    error: Exception | None = None
    is_given: bool = False

    @classmethod
    def to(cls, call: Callable[[], Any]) -> "_Answer":
        try:
            return cls(value=call())
        except Exception as error:
            return cls(error=error)

    def into(self, steps: ExternalCalls) -> Any:
        """Go on with a reaction; returns its next call, raises what the reaction raises."""
        self.is_given = True
        return steps.throw(self.error) if self.error else steps.send(self.value)

    def can_wait(self, error: BaseException) -> bool:
        """Whether all that is wrong is the database, and the reaction has not gone on yet."""
        return not self.is_given and outage.is_outage(error)


@dataclass
class Run:
    """One delivery being worked on."""

    row: Delivery
    reaction: Reaction
    event: Event
    envelope: Envelope
    call: Callable[[], Any] | None = None
    steps: ExternalCalls | None = None
    error: str = ""
    started: float = field(default_factory=time.monotonic)

    def run_through(self) -> None:
        """Run a reaction without external calls and mark the row. Raises its error."""
        self.started = time.monotonic()
        with caused_by(self.envelope, self.reaction):
            self.reaction.function(self.event)
        ledger.done(self.row, self.duration_ms)

    def step(self, answer: _Answer | None = None) -> None:
        """Run up to the next outside call or the end, in a savepoint, and mark the row.

        What it states and the constraints it deferred are part of it: their
        errors are this reaction's, not those of all that commit with it.
        """
        try:
            with caused_by(self.envelope, self.reaction), transaction.atomic():
                with collected():
                    self.call = self._advance(answer or _Answer())
                connection.check_constraints()
        except Exception as error:
            if outage.is_outage(error):
                raise
            said = f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"
            # For the log and traces; the ledger has all of it, for who may see it.
            self.call, self.error = (
                None,
                mask_values(said, self.envelope.type, self.envelope.data),
            )
            if connection.needs_rollback:
                raise _Spoilt(self, traceback.format_exc()) from error
            text, hopeless = traceback.format_exc(), isinstance(error, HOPELESS)
            ledger.failed(self.row, text, self.duration_ms, hopeless=hopeless)
        else:
            if self.call is not None:
                ledger.leased(self.row)
            else:
                ledger.done(self.row, self.duration_ms)

    def _advance(self, answer: _Answer) -> Callable[[], Any] | None:
        if not self.reaction.is_external:
            self.reaction.function(self.event)
            return None
        self.steps = self.steps or self.reaction.function(self.event)
        try:
            call = answer.into(self.steps)
        except StopIteration:
            return None
        if not callable(call):
            raise TypeError(f"{self.reaction.name} must yield a call, not {call!r}")
        return call

    @property
    def duration_ms(self) -> int:
        return round((time.monotonic() - self.started) * 1000)

    def tell(self) -> None:
        """One log line per run of a reaction."""
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


class _Spoilt(Exception):
    """A reaction's error that left its connection in a state in which nothing can be written."""

    def __init__(self, run: Run, told: str) -> None:
        super().__init__(run.error)
        self.run, self.told = run, told

    def record(self) -> None:
        """Write it down on a new connection."""
        outage.leave()
        ledger.fail_alone(self.run.row, self.told, self.run.duration_ms)
        self.run.tell()


def readable(app: str, messages: Iterable[Incoming]) -> list[Runnable]:
    """Return the messages with their events; park those that this code cannot read."""
    return [(m, event) for m in messages if (event := _readable(app, m)) is not None]


def _readable(app: str, message: Incoming) -> Event | None:
    """Return the message's event, or None when it had to be parked."""
    try:
        return message.envelope.event()
    except BusError as error:
        park(app, message.envelope, str(error))
        return None


def _in_savepoints(app: str, runnable: list[Runnable], paused: frozenset[str]) -> list[Run]:
    """Run what is open in one transaction, again without the one that has spoilt it."""
    while True:
        try:
            with transaction.atomic(), cancelling():
                runs = locked_runs(app, runnable, paused)
                crash_point("worker.locked")
                for run in runs:
                    run.step()
                keep(runs)
                crash_point("worker.ran")
        except _Spoilt as spoilt:
            spoilt.record()
        else:
            crash_point("worker.committed")
            return runs


@contextmanager
def cancelling() -> Iterator[None]:
    """A time limit strikes within a statement: the server would go on with it."""
    try:
        yield
    except Exception:
        outage.cancel_running()
        raise


def locked_runs(app: str, runnable: list[Runnable], paused: frozenset[str]) -> list[Run]:
    """Lock what is open and count this attempt on each."""
    messages = {message.envelope.id: (message, event) for message, event in runnable}
    runs = []
    for row in ledger.lock(app, [message.envelope for message, _ in runnable], paused):
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
        ledger.parked(row, f"this code has no reaction {row.reaction}")
    else:
        ledger.done(row, 0)
    ledger.save([row])


def _finish(run: Run) -> None:
    """Make the outside calls a reaction yielded, each answer in a transaction of its own.

    An answer waits for a database that is away: otherwise its call would be made again.
    """
    while run.call is not None:
        crash_point("worker.calling")
        answer = _Answer.to(run.call)
        crash_point("worker.called")
        try:
            if not patiently(partial(_conclude, run, answer), PATIENCE, answer.can_wait):
                return
        except _Spoilt as spoilt:
            spoilt.record()
            return
        crash_point("worker.concluded")
    run.tell()


def _conclude(run: Run, answer: _Answer) -> bool:
    """Go on with an answer; False when somebody else has taken the delivery over."""
    with transaction.atomic(), cancelling():
        if not ledger.relock(run.row):
            return False
        run.step(answer)
        keep([run])
        crash_point("worker.recorded")
    return True


def keep(runs: list[Run]) -> None:
    """Write how far these runs have come, and tell who watches once it is committed."""
    if runs:
        ledger.save([run.row for run in runs])
        notify_after_commit(run.envelope.subject for run in runs)
