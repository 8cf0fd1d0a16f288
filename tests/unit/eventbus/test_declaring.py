"""What may be emitted stands beside its cause, and anything else is refused."""

from uuid import uuid4

import pytest
from django.db import transaction

from eventbus import emit, emits, reacts_to, registry
from eventbus.delivery.models import Delivery, OutboxEvent
from eventbus.exceptions import InvalidDefinition, UndeclaredEvent
from eventbus.testing import emitted, given
from orders.events import OrderPlaced
from tests.unit.eventbus.conftest import answer_once, behaviour
from tests.unit.eventbus.events import Answered, Called, Caller, Hurried, Knocked, Rang

pytestmark = pytest.mark.django_db

HURRY = Hurried(bell=uuid4())


@emits(Hurried)
def ask_to_hurry() -> None:
    """A service of the tests' own."""
    emit(HURRY)


def fails(event, reaction: str) -> str:
    """The error with which a reaction to this event is parked."""
    with pytest.raises(AssertionError):
        given(event, to="tests")
    row = Delivery.objects.get(event_id=event.id, reaction=reaction)
    assert row.state == Delivery.State.PARKED
    return row.error


def test_a_reaction_emits_what_it_declares(rang):
    given(rang, to="tests")
    assert emitted(Answered, bell=rang.bell)


def test_a_reaction_that_emits_what_it_does_not_declare_fails_and_nothing_of_it_stays(rang):
    def answer_and_hurry(event):
        answer_once(event)
        emit(HURRY)

    behaviour["answer"] = answer_and_hurry
    error = fails(rang, "answer")
    assert "UndeclaredEvent: answer may not emit tests.Hurried: add it to its `emits`" in error
    assert OutboxEvent.objects.count() == 1


def test_what_one_reaction_declares_does_not_count_for_another(rang):
    behaviour["wake_the_dog"] = answer_once
    assert "wake_the_dog may not emit tests.Answered" in fails(rang, "wake_the_dog")


def test_a_reaction_that_calls_outside_is_refused_after_its_call_as_well():
    def call_and_hurry(_):
        yield lambda: None
        emit(HURRY)

    behaviour["open_the_door"] = call_and_hurry
    assert "open_the_door may not emit" in fails(Knocked(door=uuid4()), "open_the_door")


def test_an_outside_call_emits_nothing():
    def call(_):
        yield emit_in_a_transaction

    def emit_in_a_transaction():
        with transaction.atomic():
            emit(HURRY)

    behaviour["open_the_door"] = call
    assert "UndeclaredEvent" in fails(Knocked(door=uuid4()), "open_the_door")
    assert OutboxEvent.objects.count() == 1


def test_a_service_declares_nothing_for_the_reaction_that_calls_it():
    behaviour["note_the_caller"] = lambda _: ask_to_hurry()
    called = Called(
        bell=uuid4(),
        email="",
        note=None,
        by=Caller(name="Ada", country="GB"),
        with_them=(),
        said=(),
    )
    assert "note_the_caller may not emit" in fails(called, "note_the_caller")


def test_a_service_emits_what_it_declares():
    ask_to_hurry()
    assert emitted(Hurried)


def test_a_service_that_emits_what_it_does_not_declare_is_refused():
    @emits(Answered)
    def answer_in_a_hurry():
        emit(HURRY)

    with pytest.raises(UndeclaredEvent, match=r"may not emit tests\.Hurried"):
        answer_in_a_hurry()
    assert not OutboxEvent.objects.exists()


def test_a_service_called_by_another_emits_what_it_declares_itself():
    @emits(Answered)
    def answer_quickly():
        ask_to_hurry()
        emit(Answered(bell=HURRY.bell, by="butler"))

    answer_quickly()
    assert emitted(Hurried)
    assert emitted(Answered)


def test_what_declares_nothing_emits_nothing(rang):
    with pytest.raises(UndeclaredEvent):
        emit(rang)


def test_a_generator_cannot_be_a_service():
    with pytest.raises(InvalidDefinition, match="a generator"):

        @emits(Hurried)
        def later():
            yield


def test_an_event_of_another_app_is_declared_by_nobody():
    with pytest.raises(InvalidDefinition, match=r"only its own app emits orders\.OrderPlaced"):

        @emits(OrderPlaced)
        def place():
            """Never declared."""

    with pytest.raises(InvalidDefinition, match=r"only its own app emits orders\.OrderPlaced"):

        @reacts_to(Rang, emits=[OrderPlaced])
        def order(event):
            """Never declared."""


def test_what_is_declared_can_be_asked_for():
    assert "tests.answer" in registry.emitters_of(Answered)
    assert "tests.ask_to_hurry" in registry.emitters_of(Hurried)
    reaction = next(r for r in registry.reactions_to(Rang.type) if r.name == "answer")
    assert reaction.emitted_types == ["tests.Answered"]
