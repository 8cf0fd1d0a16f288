"""Taking foreign events into the outbox.

`accept(cloud_event) -> bool` takes one CloudEvent, given as a dictionary of JSON values, into the
outbox in one transaction: true if it is new, false if its source and id have come before. It
raises `NotAccepted` with the reason. Called inside a transaction it is part of that.

`eventbus.inbound.receiving.receive(content, via=...)` is what a queue or topic is fed into: it
calls `accept`, and keeps what is not accepted.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import DataError, connection, transaction

from eventbus import registry
from eventbus.context import caused_by, declaring
from eventbus.delivery.models import OutboxEvent
from eventbus.emit import emit
from eventbus.event import Event
from eventbus.exceptions import EventTooLarge, InvalidEvent, NotAccepted, UnknownEventType
from eventbus.inbound.cloud_event import CloudEvent

_REMEMBER = """
    insert into eventbus_inbound_inboundevent (event_id, source, foreign_id, stated_at, accepted_at)
    values (%s, %s, %s, %s, statement_timestamp())
    on conflict (source, foreign_id) do nothing
"""


def accept(cloud_event: Any) -> bool:
    """Take a foreign system's event into the outbox, however often it comes once.

    `cloud_event`: JSON values. Returns whether it is new. Only a type that an event class names as
    foreign is taken, from the source that the class names, with data that fits the class.
    Raises `NotAccepted` with the reason; the database's errors where it is away.
    """
    foreign = CloudEvent.read(cloud_event)
    event = _event(foreign)
    try:
        with transaction.atomic(), _because_of(foreign.causationid):
            with declaring({type(event)}):
                emit(event)
            is_new = _remember(foreign, event.id)
            transaction.set_rollback(not is_new)
    except EventTooLarge as error:
        raise NotAccepted("it is too large", str(error)) from error
    except DataError as error:
        raise NotAccepted("it holds what the database cannot store", _first_line(error)) from error
    return is_new


def _event(foreign: CloudEvent) -> Event:
    """Return the event that a CloudEvent states. Raises `NotAccepted`."""
    try:
        event_class = registry.foreign_class(foreign.type)
    except UnknownEventType as error:
        raise NotAccepted("its type is not declared", str(error)) from error
    if foreign.source != event_class.foreign_source:
        raise NotAccepted(
            "it is of the wrong source",
            f"{foreign.type} is stated by {event_class.foreign_source}, not by {foreign.source}",
        )
    try:
        return event_class.from_data(foreign.data)
    except InvalidEvent as error:
        raise NotAccepted("its data does not fit", str(error)) from error


@contextmanager
def _because_of(causation_id: UUID | None) -> Iterator[None]:
    """Go on with the story of the event of ours that is answered, if there is one of that id."""
    cause = causation_id and OutboxEvent.objects.filter(id=causation_id).first()
    if not cause:
        yield
        return
    with caused_by(cause.envelope):
        yield


def _remember(foreign: CloudEvent, id: UUID) -> bool:
    """Remember which event was made of a CloudEvent; false where one was made before."""
    with connection.cursor() as cursor:
        cursor.execute(_REMEMBER, [id, foreign.source, foreign.id, foreign.time])
        return cursor.rowcount == 1


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
