"""Texts that are composed, or come from outside, are never longer than where they are kept."""

from datetime import UTC, date, datetime
from decimal import Decimal
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin
from uuid import UUID, uuid4

import pytest
from pydantic import BaseModel

from eventbus import Event, registry
from eventbus.delivery.models import Delivery, OutboxEvent
from eventbus.delivery.runner import Incoming, handle
from eventbus.event import MAX_SHORT_TEXT
from eventbus.testing import emit, settle
from tests.scenarios.conftest import buy
from tests.unit.inventory.facts import undone

#: Longer than any column with a bound, in letters that no font of one byte has.
LONG = "ж" * 3000
#: What the shop itself makes up, by rules of its own: the longest of each.
OURS = {
    "number": "S" * 20,
    "customer_id": "c" * 50,
    "currency": "EUR",
    "country": "GB",
    "language": "en",
    "email": "ada@example.com",
    "sku": "S" * 255,
    "promotion": "P" * 40,
    "by": "b" * 150,
    "rule": "r" * 30,
    "reacting_app": "a" * 50,
    "reaction": "r" * 100,
    "event_type": "t" * 100,
    "invoice_number": "I" * 50,
    "link": "",
    "token": "t" * 100,
    "fingerprint": "f" * 100,
    "last4": "4242",
}


def filled(model: type[BaseModel], **given: Any) -> dict[str, Any]:
    """Every field of an event or value, its texts as long as can be."""
    return {
        name: given.get(name, _value(name, field.annotation, model))
        for name, field in model.model_fields.items()
    }


def _value(name: str, kind: Any, model: type[BaseModel]) -> Any:
    if get_origin(kind) is Literal:
        return get_args(kind)[0]
    if get_origin(kind) in (Union, UnionType):
        return _value(name, get_args(kind)[0], model)
    if get_origin(kind) is tuple:
        return (_value(name, get_args(kind)[0], model),)
    if kind is str or get_origin(kind) is not None:
        return OURS.get(name, LONG if issubclass(model, Event) else LONG[:MAX_SHORT_TEXT])
    if issubclass(kind, BaseModel):
        return filled(kind)
    return PLAIN[kind]()


PLAIN = {
    UUID: uuid4,
    int: lambda: 1,
    bool: lambda: True,
    Decimal: lambda: Decimal("1.00"),
    datetime: lambda: datetime(2026, 11, 1, tzinfo=UTC),
    date: lambda: date(2026, 11, 1),
}


@pytest.mark.parametrize("state", ["unheard of", "placed", "completed"])
def test_no_text_of_an_event_is_longer_than_where_an_app_keeps_it(state):
    order_id = buy().id if state != "unheard of" else uuid4()
    if state == "completed":
        settle()
    types = [type for type in registry.event_types() if not type.startswith("tests.")]
    assert [problem for type in types for problem in _too_long(type, order_id)] == []


def _too_long(type: str, order_id: UUID) -> list[str]:
    """Return what the apps could not keep of an event of this type."""
    event_class = registry.event_class(type)
    event = event_class(**filled(event_class, order_id=order_id))
    with undone():
        emit(event)
        row = OutboxEvent.objects.get(id=event.id)
        for app in {reaction.app for reaction in registry.reactions_to(type)}:
            handle(app, [Incoming(row.envelope)])
        errors = Delivery.objects.filter(event=row.id, error__contains="DataError")
        return [f"{type} to {row.app}.{row.reaction}: {row.error[-90:]}" for row in errors]
