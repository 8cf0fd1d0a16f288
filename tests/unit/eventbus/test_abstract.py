"""An abstract event says what a fact of its kind tells: any app emits a subclass of its own."""

from uuid import uuid4

import pytest
from django.db import transaction

from eventbus import Event, emit, emits, reacts_to, registry
from eventbus.exceptions import InvalidDefinition, UndeclaredEvent
from eventbus.testing import free_to_emit, given
from tests.unit.eventbus.events import Beckoned, Whistled

heard: list[Event] = []


@reacts_to(Beckoned)
def come(event: Beckoned) -> None:
    heard.append(event)


@pytest.mark.django_db
def test_who_reacts_to_it_reacts_to_every_event_of_its_kind():
    whistled = Whistled(dog=uuid4(), tune="high")
    given(whistled, to="tests")
    assert heard == [whistled]


def test_a_queue_takes_its_subclasses_from_the_exchange():
    wanted = registry.types_wanted_by("tests")
    assert Whistled.type in wanted
    assert Beckoned.type not in wanted


def test_it_is_no_event_itself():
    assert Beckoned.type not in registry.event_types()
    assert (Beckoned.abstract, Whistled.abstract) == (True, False)


def test_it_names_the_events_of_its_kind():
    assert registry.subtypes_of(Beckoned) == [Whistled.type]
    assert {reaction.name for reaction in registry.reactions_to(Beckoned.type)} >= {"come"}


@pytest.mark.parametrize("declare", [emits, lambda event: reacts_to(Whistled, emits=[event])])
def test_nobody_declares_that_it_is_emitted(declare):
    with pytest.raises(InvalidDefinition, match="Beckoned is abstract; emit a subclass"):
        declare(Beckoned)(lambda: None)


@pytest.mark.django_db
def test_a_test_cannot_emit_it_either():
    with pytest.raises(UndeclaredEvent), free_to_emit(), transaction.atomic():
        emit(Beckoned(dog=uuid4()))
