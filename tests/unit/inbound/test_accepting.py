"""Taking foreign events into the outbox."""

import json
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import transaction

from eventbus import Deadline, Event, emits
from eventbus.delivery.models import OutboxEvent
from eventbus.exceptions import InvalidDefinition, NotAccepted
from eventbus.inbound.accepting import accept
from eventbus.inbound.cloud_event import parse
from eventbus.inbound.models import InboundEvent
from eventbus.testing import emitted, settle
from tests.unit.inbound.events import ParcelWeighed, StockCounted, StockLow

pytestmark = pytest.mark.django_db


def test_foreign_event_is_one_of_ours_and_is_reacted_to(counted):
    assert accept(counted)
    (event,) = emitted(StockCounted)
    assert (event.sku, event.units, event.subject) == ("MUG-1", 2, "MUG-1")
    settle()
    assert [event.sku for event in emitted(StockLow)] == ["MUG-1"]


def test_an_id_of_a_source_is_taken_once_whatever_else_is_in_it(counted):
    assert accept(counted)
    assert not accept(counted | {"data": {"sku": "MUG-2", "units": 5}})
    assert [event.sku for event in emitted(StockCounted)] == ["MUG-1"]


def test_the_foreign_id_is_kept_beside_ours(counted):
    accept(counted)
    row = InboundEvent.objects.get()
    assert (row.source, row.foreign_id) == ("//warehouse", "count-17")
    assert row.event_id == OutboxEvent.objects.get().id
    assert row.stated_at.isoformat() == "2026-03-01T08:30:00+00:00"


def test_what_is_rolled_back_around_it_may_come_again(counted):
    with transaction.atomic():
        assert accept(counted)
        transaction.set_rollback(True)
    assert not InboundEvent.objects.exists()
    assert accept(counted)


def test_an_answer_to_an_event_of_ours_goes_on_with_its_story(counted):
    accept(counted)
    settle()
    cause = OutboxEvent.objects.get(type=StockLow.type)
    accept(counted | {"id": "count-18", "causationid": str(cause.id)})
    answer = OutboxEvent.objects.get(causation_id=cause.id)
    assert answer.correlation_id == cause.correlation_id


def test_an_answer_to_what_we_never_said_begins_a_story(counted):
    accept(counted | {"causationid": str(uuid4())})
    row = OutboxEvent.objects.get()
    assert (row.correlation_id, row.causation_id) == (row.id, None)


def test_a_type_of_its_own_name_needs_no_foreign_one():
    assert ParcelWeighed.foreign_type == "tests.ParcelWeighed"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"type": "orders.OrderPlaced"}, "its type is not declared: .* orders.OrderPlaced"),
        ({"type": StockLow.type}, "its type is not declared"),
        ({"type": StockCounted.type}, "its type is not declared"),
        ({"source": "//scales"}, "it is of the wrong source: .* //warehouse, not by //scales"),
        ({"source": "/tests"}, "it is of the wrong source"),
        ({"data": {"sku": "MUG-1"}}, "its data does not fit: tests.StockCounted: units"),
        ({"data": {"sku": "MUG-1", "units": 1.5}}, "units: a float is not exact"),
        ({"data": {"sku": "MUG-1", "units": 1, "value": "much"}}, "value: "),
        ({"data": {"sku": "M" * 300, "units": 1}}, "it holds what the database cannot store"),
        ({"data": {"sku": "M\0", "units": 1}}, "it holds what the database cannot store"),
        ({"data": {"sku": "M\ud800", "units": 1}}, "it holds what the database cannot store|sku"),
        ({"data": ["MUG-1"]}, "no CloudEvent with JSON in it: data"),
        ({"data": None}, "data"),
        ({"specversion": "0.3"}, "specversion"),
        ({"id": ""}, "id: String should have at least 1 character"),
        ({"id": 17}, "id"),
        ({"id": "x" * 256}, "id"),
        ({"id": "a\nb"}, "id: .* not allowed"),
        ({"id": "a\ud800"}, "id: "),
        ({"source": None}, "source"),
        ({"time": "yesterday"}, "time: .* RFC 3339"),
        ({"time": 1700000000}, "time"),
        ({"time": "2026-13-01T00:00:00Z"}, "time"),
        ({"datacontenttype": "text/xml"}, "datacontenttype"),
        ({"causationid": "count-16"}, "causationid"),
    ],
)
def test_what_does_not_conform_is_not_accepted_and_the_reason_names_it(counted, change, reason):
    with pytest.raises(NotAccepted, match=reason):
        accept(counted | change)
    assert not OutboxEvent.objects.exists()


@pytest.mark.parametrize("lacking", ["specversion", "id", "source", "type", "data"])
def test_what_a_cloud_event_must_have_is_named(counted, lacking):
    del counted[lacking]
    with pytest.raises(NotAccepted, match=f"{lacking}: Field required"):
        accept(counted)


@pytest.mark.parametrize("value", [None, [], "text", 17])
def test_what_is_no_object_is_no_cloud_event(value):
    with pytest.raises(NotAccepted, match="it is no CloudEvent"):
        accept(value)


def test_what_is_too_large_for_a_worker_is_not_accepted(counted, settings):
    settings.EVENTBUS_MAX_EVENT = 20
    with pytest.raises(NotAccepted, match=r"it is too large: .* EVENTBUS_MAX_EVENT"):
        accept(counted)


def test_numbers_with_a_point_are_exact(counted):
    counted["data"]["value"] = 0.1
    accept(parse(json.dumps(counted).encode()))
    assert emitted(StockCounted)[0].value == Decimal("0.1")


def test_only_its_source_states_a_foreign_event():
    with pytest.raises(InvalidDefinition, match=r"only //warehouse states tests\.StockCounted"):
        emits(StockCounted)(lambda: None)


def test_two_classes_are_not_made_of_one_foreign_type():
    with pytest.raises(InvalidDefinition, match=r"tests.Recounted: tests.StockCounted is"):

        class Recounted(Event, foreign_source="//other", foreign_type="acme.stock.counted"):
            """Somebody else counted."""

            sku: str


def test_what_is_no_fact_is_not_foreign():
    with pytest.raises(InvalidDefinition, match="deadline or task is foreign"):

        class CountDue(Deadline, foreign_source="//other"):
            """Time to count."""

            sku: str


def test_a_foreign_type_needs_its_source():
    with pytest.raises(InvalidDefinition, match="name the foreign_source that states"):

        class Sold(Event, foreign_type="acme.sold"):
            """Somebody sold."""

            sku: str
