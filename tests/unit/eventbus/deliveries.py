"""Events with their deliveries, as tests of the runner begin with them."""

from uuid import uuid4

from django.db import connection, transaction

from eventbus.delivery import ledger
from eventbus.delivery.models import Delivery, OutboxEvent
from eventbus.testing import emit
from tests.unit.eventbus.events import Rang


def emit_rang(**when) -> Rang:
    event = Rang(bell=uuid4())
    with transaction.atomic():
        emit(event, **when)
    return event


def envelope_of(event):
    """Emit an event and make its deliveries, as the relay does; returns its envelope."""
    with transaction.atomic():
        emit(event)
    row = OutboxEvent.objects.get(id=event.id)
    ledger.create_deliveries([row])
    return row.envelope


def delivery(reaction: str) -> Delivery:
    return Delivery.objects.get(app="tests", reaction=reaction)


def execute(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
