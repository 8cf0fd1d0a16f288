"""What the bus asks of the reactions of any app is checked by one call."""

from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.db import connection
from pydantic import model_validator

from eventbus import Event, because_of, emit, reacts_to, registry
from eventbus.delivery.models import OutboxEvent
from eventbus.testing import check_reactions, example_of
from tests.unit.eventbus.events import Answered, Called, Passed, Priced, Rang
from tests.unit.eventbus.registering import no_reactions

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _alone():
    with no_reactions():
        yield


def answer(event: Any) -> None:
    emit(Answered(bell=uuid4(), by="butler"))


def broken(said: str) -> Any:
    return pytest.raises(AssertionError, match=said)


def test_reactions_that_keep_to_it_pass_and_leave_nothing():
    @reacts_to(Rang, emits=[Answered])
    def answer_the_door(event: Rang) -> None:
        answer(event)

    @reacts_to(Passed, emits=[Answered], many=True)
    def answer_each(events: list[Passed]) -> None:
        for event in events:
            with because_of(event):
                answer(event)

    @reacts_to(Called, emits=[Answered])
    def call_back(event: Called):
        yield lambda: None
        answer(event)

    check_reactions("tests")
    assert not OutboxEvent.objects.exists()


def test_an_app_without_reactions_is_told_so():
    with broken("no app tests has reactions"):
        check_reactions("tests")


def test_a_reaction_that_fails_is_shown_with_its_error():
    @reacts_to(Rang)
    def trip(event: Rang) -> None:
        raise ValueError("the stairs")

    with broken("tests.trip failed:\n(.|\n)*the stairs"):
        check_reactions("tests")


def test_one_that_needs_a_certain_event_is_given_it():
    @reacts_to(Priced)
    def look_up(event: Priced) -> None:
        {"bell": 1}[event.thing]

    check_reactions("tests", Priced(thing="bell", price=1))
    with broken("KeyError"):
        check_reactions("tests")


def test_a_type_can_be_left_out():
    @reacts_to(Priced, Rang)
    def look_up(event: Priced | Rang) -> None:
        assert isinstance(event, Rang)

    check_reactions("tests", but=[Priced])
    with broken("look_up failed"):
        check_reactions("tests")


def test_one_that_emits_what_it_does_not_declare_is_refused():
    reacts_to(Rang)(answer)
    with broken("may not emit tests.Answered"):
        check_reactions("tests")


def test_one_that_looks_into_another_apps_table_is_refused():
    @reacts_to(Rang)
    def pry(event: Rang) -> None:
        with connection.cursor() as cursor:
            cursor.execute("select count(*) from orders_order")

    with broken("a reaction uses a table of another app:\n  select count"):
        check_reactions("tests")


def test_one_that_remembers_outside_the_database_is_refused():
    seen = set()

    @reacts_to(Rang, emits=[Answered])
    def answer_whom_we_do_not_know(event: Rang) -> None:
        if event.id not in seen:
            seen.add(event.id)
            answer(event)

    with broken(r"rolled back the effect is another:\n  - events emitted.type: tests.Answered, 2 "):
        check_reactions("tests")


def test_so_is_one_that_remembers_what_it_was_about():
    seen = set()

    @reacts_to(Rang, emits=[Answered])
    def answer_once_in_a_life(event: Rang) -> None:
        if event.bell not in seen:
            seen.add(event.bell)
            answer(event)

    with broken("anew from the same beginning the effect is another"):
        check_reactions("tests")


def test_one_that_sends_a_mail_before_its_commit_is_refused():
    @reacts_to(Rang)
    def write(event: Rang) -> None:
        mail.send_mail("Ding", "dong", None, ["butler@example.org"])

    with broken("tests.Rang sent a mail that no rollback takes back"):
        check_reactions("tests")


def test_one_that_has_an_effect_before_its_call_each_time_is_refused():
    @reacts_to(Rang, emits=[Answered])
    def answer_and_call(event: Rang):
        answer(event)
        yield partial(int, 1)

    with broken(r"its answer was lost the effect is another:\n  \+ events emitted.type"):
        check_reactions("tests")


def test_one_that_does_something_else_with_many_is_refused():
    @reacts_to(Passed, emits=[Answered], many=True)
    def answer_the_first(events: list[Passed]) -> None:
        with because_of(events[0]):
            answer(events[0])

    with broken("in one batch the effect is another"):
        check_reactions("tests")


def test_an_event_that_refuses_fields_of_newer_code_is_refused(monkeypatch):
    monkeypatch.setattr(registry, "_events", registry._events.copy())

    class Closed(Event):
        """An event that takes no field which it does not know."""

        id_of: int

        @model_validator(mode="before")
        @classmethod
        def _no_other(cls, data: Any) -> Any:
            assert set(data) == {"id_of"}
            return data

    @reacts_to(Closed)
    def read(event: Closed) -> None:
        pass

    with broken("tests.read failed"):
        check_reactions("tests")


def test_what_is_drawn_at_random_is_not_compared():
    @reacts_to(Rang, emits=[Answered])
    def answer_with_another_id(event: Rang) -> None:
        answer(event)

    check_reactions("tests")


def test_an_example_of_every_event_of_the_shop_can_be_made_up():
    for type in registry.event_types():
        if not type.startswith("tests."):
            event = registry.event_class(type)
            assert example_of(event).subject == example_of(event).subject


def test_examples_are_told_apart_by_their_subjects():
    assert example_of(Rang, 1).subject != example_of(Rang, 2).subject


def test_an_example_takes_the_fields_that_it_is_given():
    assert example_of(Answered, by="me").by == "me"


def test_fields_for_which_nothing_can_be_made_up_are_named(monkeypatch):
    monkeypatch.setattr(registry, "_events", registry._events.copy())

    class Odd(Event):
        """An event that takes one number alone."""

        number: int

        @model_validator(mode="after")
        def _only_seven(self) -> "Odd":
            assert self.number == 7
            return self

    assert example_of(Odd, number=7).number == 7
    with broken("tests.Odd: no example could be made up"):
        example_of(Odd)
