"""Emit a domain event inside the caller's transaction."""

from datetime import datetime

from django.db import transaction

from eventbus.canonical import check_size
from eventbus.context import current_reaction, declared
from eventbus.envelope import Envelope
from eventbus.event import Event
from eventbus.exceptions import OutsideTransaction, UndeclaredEvent


def emit(event: Event, *, publish_after: datetime | None = None) -> None:
    """Emit `event` in the transaction that made it true.

    Its class's Django signal is sent at once, in this process; a receiver's
    error is the caller's error. The outbox, one of the receivers, keeps the
    event in the database, from where the relay publishes it after commit, or
    not before `publish_after`.

    Raises `UndeclaredEvent` unless the reaction or service that runs declared this class,
    `OutsideTransaction` when no transaction is open, `EventTooLarge` for an event that
    no worker would take.
    """
    if type(event) not in declared():
        who = current_reaction() or "what runs, unless it is a service that declares it,"
        raise UndeclaredEvent(
            f"{who} may not emit {event.type}: add it to its `emits`,"
            " and where it takes many emit it `with because_of(event)`"
        )
    if not transaction.get_connection().in_atomic_block:
        raise OutsideTransaction(f"{event.type} must be emitted inside transaction.atomic()")
    envelope = Envelope.around(event)
    check_size(event.type, envelope.text)
    event.stamp(envelope.id, envelope.occurred_at)
    event.signal.send(
        sender=type(event), event=event, envelope=envelope, publish_after=publish_after
    )
