"""What an event is."""

from decimal import Decimal
from uuid import uuid4

import pytest
from pydantic import ValidationError

from eventbus import Event, registry
from eventbus.exceptions import InvalidDefinition, InvalidEvent, NewerVersion, UnknownEventType
from tests.unit.eventbus.events import Priced, Rang


def test_name_on_the_wire_is_app_and_class():
    assert Rang.type == "tests.Rang"
    assert registry.event_class("tests.Rang") is Rang


def test_subject_is_the_first_field():
    bell = uuid4()
    assert Rang(bell=bell).subject == str(bell)


def test_event_cannot_be_changed():
    with pytest.raises(ValidationError):
        Rang(bell=uuid4()).bell = uuid4()


def test_misspelt_field_is_refused_when_emitted():
    with pytest.raises(ValidationError, match="colour"):
        Rang(bell=uuid4(), colour="red")


def test_unknown_field_is_ignored_when_read():
    bell = uuid4()
    assert Rang.from_data({"bell": str(bell), "colour": "red"}).bell == bell


def test_missing_field_is_named_when_read():
    with pytest.raises(InvalidEvent, match=r"tests\.Priced: price"):
        Priced.from_data({"thing": "x"})


def test_float_is_refused_as_value():
    with pytest.raises(ValidationError, match="not exact"):
        Priced(thing="x", price=1.1)


def test_float_is_refused_as_type():
    with pytest.raises(InvalidDefinition, match="not float"):
        type("Weighed", (Event,), {"__annotations__": {"kg": float | None}, "__module__": __name__})


def test_money_survives_the_wire_exactly():
    price = Decimal("19.90")
    data = Priced(thing="x", price=price).to_data()
    assert data["price"] == "19.90"
    assert Priced.from_data(data).price == price


def test_event_without_a_field_is_refused():
    with pytest.raises(InvalidDefinition, match="first field"):
        type("Nothing", (Event,), {"__module__": __name__})


def test_older_version_is_read_and_newer_is_not():
    assert registry.event_class("tests.Priced", 1) is Priced
    with pytest.raises(NewerVersion):
        registry.event_class("tests.Priced", 3)


def test_unknown_type_is_named():
    with pytest.raises(UnknownEventType, match=r"nobody\.Knows"):
        registry.event_class("nobody.Knows")
