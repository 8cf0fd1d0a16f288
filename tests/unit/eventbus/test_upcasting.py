"""Events of older versions: read, shown and blanked in today's form."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone

from eventbus import Event, Personal, reacts_to, redact, upcasts
from eventbus.delivery import checks, ledger
from eventbus.delivery.models import Delivery, OutboxEvent
from eventbus.delivery.runner import Incoming, handle
from eventbus.exceptions import InvalidDefinition, InvalidEvent
from eventbus.history import redaction_job
from eventbus.operations.dry_run import dry_run
from eventbus.operations.masking import shown_data, shown_error
from eventbus.personal import mask_values, masked_data, redacted_data


class Guest(Event.Value):
    first: Personal[str]
    last: Personal[str] = ""


class Moved(Event, version=3):
    """Somebody moved in. Version 1 has one `name`, a `mail` and a `birthday`, 2 has `guests`."""

    room: str
    email: Personal[str]
    guests: tuple[Guest, ...]
    beds: int


@upcasts(Moved, from_version=1)
def name_as_guest(data: dict[str, Any]) -> dict[str, Any]:
    first, _, last = data["name"].partition(" ")
    return {**data, "guests": [{"first": first, "last": last, "nickname": first}]}


@upcasts(Moved, from_version=2)
def a_bed_for_each(data: dict[str, Any]) -> dict[str, Any]:
    data["email"] = data.pop("mail")
    return {**data, "beds": len(data["guests"])}


class Left(Event, version=2):
    """Somebody left. Version 1 had their name."""

    room: str


@upcasts(Left, from_version=1)
def nameless(data: dict[str, Any]) -> dict[str, Any]:
    del data["name"]
    return data


seen: list[Moved] = []


@reacts_to(Moved)
def welcome(event: Moved) -> None:
    seen.append(event)
    if event.beds > 1:
        raise LookupError(f"no bed for {event.guests[0].last}")


OLD = {"room": "7", "name": "Ada Lovelace", "mail": "Ada@example.com", "birthday": "10 Dec"}
TODAY = {
    "room": "7",
    "email": "Ada@example.com",
    "guests": [{"first": "Ada", "last": "Lovelace"}],
    "beds": 1,
}
BLANK = {**TODAY, "email": "", "guests": [{"first": "", "last": ""}]}


def stored(event: type[Event] = Moved, version: int = 1, **data: object) -> OutboxEvent:
    """An event that an older release emitted."""
    id = uuid4()
    return OutboxEvent.objects.create(
        id=id,
        type=event.type,
        version=version,
        subject="7",
        correlation_id=id,
        data=data or OLD,
        occurred_at=timezone.now(),
        publish_after=timezone.now(),
        published_at=timezone.now(),
    )


@pytest.fixture(autouse=True)
def _nothing_seen():
    seen.clear()


def test_each_step_leads_to_the_next_version():
    assert Moved.todays_data(1, OLD) == TODAY
    assert Moved.todays_data(2, {**OLD, "guests": [{"first": "Bob"}] * 2})["beds"] == 2


def test_what_was_stored_is_not_changed_by_an_upcaster():
    before = {**OLD, "guests": []}
    Moved.todays_data(2, before)
    assert before == {**OLD, "guests": []}


def test_an_event_of_todays_version_is_not_touched():
    assert Moved.todays_data(3, TODAY) is TODAY


@pytest.mark.parametrize(
    ("version", "data", "told"),
    [
        (0, OLD, "nothing upcasts its version 0"),
        (1, {"room": "7"}, "name_as_guest fails on its version 1: KeyError('name')"),
        (2, {**OLD, "guests": []} | {"room": 7}, "room: Input should be a valid string"),
    ],
)
def test_what_cannot_be_upcast_is_invalid_and_named(version, data, told):
    with pytest.raises(InvalidEvent) as refused:
        Moved.todays_data(version, data)
    assert told in str(refused.value)


def test_a_step_is_declared_once_beside_its_event_and_leads_to_a_version():
    def elsewhere(data):
        return data

    elsewhere.__module__ = "orders.events"
    for function, step, told in [
        (nameless, 1, "has an upcaster already"),
        (nameless, 2, "no step leads from version 2"),
        (nameless, 0, "no step leads from version 0"),
        (elsewhere, 1, "declare it beside"),
    ]:
        with pytest.raises(InvalidDefinition, match=told):
            upcasts(Left, from_version=step)(function)


def test_a_missing_step_is_found_by_djangos_check(monkeypatch):
    assert checks.check_upcasters() == []
    monkeypatch.delitem(Moved.upcasters, 1)
    [error] = checks.check_upcasters()
    assert error.msg == "tests.Moved is at version 3, and nothing upcasts its version 1"
    assert error.hint == f"@upcasts(Moved, from_version=1) in {__name__}"


def test_a_wrong_form_of_an_upcaster_is_named(monkeypatch):
    monkeypatch.setitem(Left.upcasters, 1, lambda data: None)
    with pytest.raises(InvalidEvent, match="returns no data"):
        Left.todays_data(1, {"room": "7"})


@pytest.mark.parametrize("personal", [False, True])
def test_it_is_shown_in_todays_form(personal):
    shown = shown_data(Moved.type, 1, OLD, personal=personal)
    assert ("guests" in shown, "birthday" in shown) == (True, False)
    assert ("Lovelace" in shown) == personal


@pytest.mark.parametrize("version", [1, 9])
def test_of_what_cannot_be_read_the_names_of_the_fields_are_shown(version):
    found = {"who": "Ada"}
    assert masked_data(Moved.type, version, found) == {"who": ""}
    assert "Ada" in shown_data(Moved.type, version, found, personal=True)
    assert mask_values("it was Ada", Moved.type, version, found) == "it was •••"


def test_what_cannot_be_read_is_not_redacted():
    """It would lose more than what is personal, for good."""
    with pytest.raises(InvalidEvent):
        redacted_data(Moved.type, 1, {"who": "Ada"})


@pytest.mark.django_db
class TestHistory:
    def test_a_reaction_is_given_todays_form(self):
        handle("tests", [Incoming(stored().envelope)])
        [event] = seen
        assert event.to_data() == TODAY
        assert Delivery.objects.get().state == "done"

    def test_one_that_cannot_be_upcast_is_parked_with_its_reason(self):
        row = stored(room="7")
        handle("tests", [Incoming(row.envelope)])
        parked = Delivery.objects.get()
        assert parked.state == "parked"
        assert "name_as_guest fails on its version 1" in parked.error

    def test_an_error_about_it_is_masked(self):
        row = stored(version=2, **OLD, guests=[{"first": "Ada", "last": "Lovelace"}] * 2)
        handle("tests", [Incoming(row.envelope)])
        failed = Delivery.objects.get()
        assert "no bed for Lovelace" in failed.error
        assert "no bed for •••" in shown_error(failed, personal=False)

    def test_a_dry_run_is_in_todays_form(self, transactional_db):
        row = stored()
        ledger.create_deliveries([row])
        assert dry_run(Delivery.objects.get(app="tests")).outcome == "done"

    def test_a_redaction_leaves_it_blank_and_in_todays_form(self):
        row = stored()
        redacted("7")
        row.refresh_from_db()
        assert (row.version, row.data) == (3, BLANK)
        assert row.envelope.event().guests == (Guest(first="", last=""),)

    def test_one_that_was_blank_before_the_version_was_raised_is_read(self):
        blank = stored(**{**OLD, "name": "", "mail": ""})
        assert blank.envelope.event().to_data() == BLANK

    def test_what_only_an_older_version_told_of_a_person_is_forgotten(self):
        row = stored(Left, name="Ada", room="7")
        redacted("7")
        row.refresh_from_db()
        assert (row.version, row.data) == (2, {"room": "7"})

    def test_an_address_is_found_in_an_older_version_whatever_its_field_was_called(self):
        mine, theirs = stored(), stored(**{**OLD, "mail": "bob@example.com"})
        redacted(matching_text="ada@EXAMPLE.com", event_types=[Moved])
        assert OutboxEvent.objects.get(redacted_at=None) == theirs
        mine.refresh_from_db()
        assert mine.data == BLANK

    def test_what_cannot_be_upcast_is_left_until_the_upcaster_is_mended(self, caplog):
        row = stored(room="7", who="Ada")
        redacted("7")
        row.refresh_from_db()
        assert row.data["who"] == "Ada"
        assert redaction_job.Redaction.objects.exists()
        assert "redaction failed" in caplog.text


def redacted(*subjects: str, **more: Any) -> None:
    with transaction.atomic():
        redact(subjects, **more)
    redaction_job.run_pending(until=datetime.max.replace(tzinfo=UTC))
