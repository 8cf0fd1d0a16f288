"""Deadlines and tasks are no facts: what is due or to be done is their own app's affair."""

import pytest

from eventbus import Deadline, Event, Task, reacts_to, registry
from eventbus.exceptions import InvalidDefinition
from shipping.events import ShipPart, TrackingDue
from tests.unit.eventbus.events import Rang, RingAgain, RingDue

NO_FACTS = [type for type in registry.event_types() if registry.kind_of(type) != "event"]


def reacting(type: str) -> set[str]:
    return {reaction.app for reaction in registry.reactions_to(type)}


def test_a_type_is_an_event_a_deadline_or_a_task():
    kinds = [registry.kind_of(each.type) for each in (Rang, RingDue, RingAgain)]
    assert kinds == ["event", "deadline", "task"]


def test_a_type_that_is_not_known_any_more_counts_as_an_event():
    assert registry.kind_of("gone.Gone") == "event"


def test_what_a_name_means_is_said_beside_it():
    marked = [registry.label(each.type) for each in (Rang, RingDue, RingAgain)]
    assert marked == ["tests.Rang", "tests.RingDue (deadline)", "tests.RingAgain (task)"]


def test_their_bases_are_nothing_that_could_be_emitted():
    assert not [type for type in registry.event_types() if type.startswith("eventbus.Deadline")]
    assert (Event.type, Deadline.type, Task.type) == ("", "", "")


def test_who_reacts_to_every_event_reacts_to_no_deadline_and_no_task():
    assert "analytics" in reacting(Rang.type)
    assert not reacting(RingDue.type) | reacting(RingAgain.type)


@pytest.mark.parametrize("foreign", [TrackingDue, ShipPart, Deadline, Task])
def test_to_those_of_another_app_nobody_reacts(foreign):
    with pytest.raises(InvalidDefinition, match="only its own app reacts"):

        @reacts_to(foreign)
        def listen(event):
            """Never declared."""


@pytest.mark.parametrize("type", [type for type in NO_FACTS if not type.startswith("tests.")])
def test_each_is_reacted_to_by_its_own_app(type):
    assert reacting(type) == {registry.app_label(type)}
