"""Dry run: what a reaction would do, without doing it.

It runs for real in a transaction that is rolled back. A call to the outside world is named,
not made: what comes after depends on its answer. What it emits stays in the transaction, so
nothing is published, and nobody is notified. The rows it locks are locked for as long as it
runs; the ids it takes from sequences are used up.
"""

import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import DatabaseError, connection, transaction
from psycopg import errors

from eventbus import registry
from eventbus.context import caused_by
from eventbus.delivery.models import Delivery, OutboxEvent
from eventbus.envelope import Envelope
from eventbus.event import Event
from eventbus.exceptions import BusError
from eventbus.operations import row_diff
from eventbus.operations.describe_call import describe_call
from eventbus.operations.row_diff import WRITTEN_BY_US, Change
from eventbus.registry import Reaction

#: Milliseconds it waits for a row that a worker holds, and for any one statement.
TIMEOUTS = {"lock_timeout": 2_000, "statement_timeout": 15_000}
#: Bus tables, left out of the row diff; emitted events are reported separately.
BUS_TABLES = ("eventbus_outboxevent", "eventbus_delivery")
#: Errors that mean lock contention rather than a failing reaction.
_BUSY = (
    errors.LockNotAvailable,
    errors.QueryCanceled,
    errors.SerializationFailure,
    errors.DeadlockDetected,
)


@dataclass(frozen=True)
class EmittedEvent:
    """An event that would be emitted. `data` may hold personal data."""

    type: str
    version: int
    subject: str
    publish_after: datetime
    data: dict[str, Any]


@dataclass(frozen=True)
class DryRun:
    """What would come of it. `outcome` is one of

    - `done`: it would take effect;
    - `calls`: it would get as far as the calls in `calls`, and their answer decides;
    - `fails`: it would fail again, with the traceback in `error`;
    - `busy`: others are at the same rows just now, try again;
    - `refused`: there is nothing to try, `error` says why.
    """

    outcome: str
    error: str = ""
    changes: tuple[Change, ...] = ()
    events: tuple[EmittedEvent, ...] = ()
    calls: tuple[str, ...] = ()


def dry_run(delivery: Delivery) -> DryRun:
    """Try a delivery that is not settled. Needs that no transaction is open."""
    if delivery.state not in Delivery.UNSETTLED:
        return DryRun("refused", f"it is {delivery.state}")
    envelope = delivery.event.envelope
    try:
        event, reaction = envelope.event(), _reaction(delivery, envelope)
    except BusError as error:
        return DryRun("fails", str(error))
    with transaction.atomic(durable=True):
        began = row_diff.take_snapshot()
        _set_timeouts()
        tried = _try(reaction, event, envelope, began)
        transaction.set_rollback(True)
    return tried


def _reaction(delivery: Delivery, envelope: Envelope) -> Reaction:
    for reaction in registry.reactions_to(envelope.type, delivery.app):
        if reaction.name == delivery.reaction:
            return reaction
    raise BusError(f"this code has no reaction {delivery.reaction or '?'} to {envelope.type}")


def _set_timeouts() -> None:
    with connection.cursor() as cursor:
        for name, milliseconds in TIMEOUTS.items():
            cursor.execute(f"set local {name} = {milliseconds}")


def _try(reaction: Reaction, event: Event, envelope: Envelope, began: str) -> DryRun:
    with ExitStack() as open_steps:
        try:
            with caused_by(envelope, reaction), transaction.atomic():
                call = first_call(reaction, event, open_steps)
                connection.check_constraints()
        except Exception as error:
            busy = isinstance(error, DatabaseError) and isinstance(error.__cause__, _BUSY)
            return DryRun("busy" if busy else "fails", traceback.format_exc())
        return _succeeded(call, envelope, began)


def first_call(reaction: Reaction, event: Event, stack: ExitStack) -> Callable[[], Any] | None:
    """Run a reaction up to its end, or to its first outside call, which is returned.

    `stack` closes the reaction. Raises its error.
    """
    steps = reaction.run(event)
    if not reaction.is_external:
        return None
    call = next(stack.enter_context(closing(steps)), None)
    if call is not None and not callable(call):
        raise TypeError(f"{reaction.name} must yield a call, not {call!r}")
    return call


def _succeeded(call: Callable[[], Any] | None, envelope: Envelope, began: str) -> DryRun:
    return DryRun(
        "calls" if call else "done",
        changes=tuple(row_diff.changes(began, but=BUS_TABLES)),
        events=tuple(_emitted(envelope, began)),
        calls=(describe_call(call),) if call else (),
    )


def _emitted(envelope: Envelope, began: str) -> Iterator[EmittedEvent]:
    rows = OutboxEvent.objects.filter(
        correlation_id=envelope.correlation_id, causation_id=envelope.id
    ).extra(  # nosec B610 # a condition of ours, its value a parameter
        where=[WRITTEN_BY_US.format(table="eventbus_outboxevent")], params=[began]
    )
    for row in rows.order_by("id"):
        yield EmittedEvent(row.type, row.version, row.subject, row.publish_after, row.data)
