"""Reactions of the tests' own app. What they do is set by each test."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from eventbus import emit, reacts_to
from tests.unit.eventbus.events import (
    Answered,
    Called,
    Honked,
    Hurried,
    Knocked,
    Passed,
    Rang,
    Sang,
    Waved,
)

#: Reactions to `Rang` look here for what to do.
behaviour: dict[str, Callable[[Any], Any]] = {}


@reacts_to(Rang, emits=[Answered])
def answer(event: Rang) -> None:
    behaviour["answer"](event)


@reacts_to(Rang)
def wake_the_dog(event: Rang) -> None:
    behaviour["wake_the_dog"](event)


@reacts_to(Knocked)
def open_the_door(event: Knocked):
    yield from behaviour["open_the_door"](event)


@reacts_to(Honked, emits=[Answered], many=True)
def open_the_gates(events: list[Honked]):
    yield from behaviour["open_the_gates"](events)


@reacts_to(Called)
def note_the_caller(event: Called) -> None:
    behaviour["note_the_caller"](event)


@reacts_to(Hurried, overdue_after=5)
def hurry(event: Hurried) -> None:
    pass


@reacts_to(Passed, Waved, emits=[Answered], many=True)
def list_passers(events: list[Passed | Waved]) -> None:
    behaviour["list_passers"](events)


@reacts_to(Waved)
def wave_back(event: Waved) -> None:
    behaviour["wave_back"](event)


@reacts_to(Sang)
def learn_the_song(event: Sang) -> None:
    behaviour["learn_the_song"](event)


@reacts_to(Sang, backfill="mute")
def throw_a_coin(event: Sang):
    yield from behaviour["throw_a_coin"](event)


def answer_once(event: Rang) -> None:
    emit(Answered(bell=event.bell, by="butler"))


@pytest.fixture(autouse=True)
def _calm():
    behaviour.clear()
    behaviour.update(
        answer=answer_once,
        wake_the_dog=lambda _: None,
        open_the_door=lambda _: iter(()),
        open_the_gates=lambda _: iter(()),
        note_the_caller=lambda _: None,
        list_passers=lambda _: None,
        wave_back=lambda _: None,
        learn_the_song=lambda _: None,
        throw_a_coin=lambda _: iter(()),
    )


@pytest.fixture
def rang() -> Rang:
    return Rang(bell=uuid4())
