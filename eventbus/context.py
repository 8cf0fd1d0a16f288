"""The event that the running code reacts to: the cause of whatever it emits."""

from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType
from typing import TYPE_CHECKING

import structlog

from eventbus.exceptions import NotGiven

if TYPE_CHECKING:
    from uuid import UUID

    from eventbus.envelope import Envelope
    from eventbus.event import Event
    from eventbus.registry import Reaction

_cause: ContextVar["Envelope | None"] = ContextVar("cause", default=None)
_reaction: ContextVar["Reaction | None"] = ContextVar("reaction", default=None)
_given: ContextVar["Mapping[UUID, Envelope]"] = ContextVar("given", default=MappingProxyType({}))
_declared: ContextVar["Container[type[Event]]"] = ContextVar("declared", default=frozenset())


def current_cause() -> "Envelope | None":
    """Return the event being reacted to, or None where a person started the work."""
    return _cause.get()


def current_reaction() -> str:
    """Return the name of the running reaction; empty where a person started the work."""
    reaction = _reaction.get()
    return reaction.name if reaction else ""


def declared() -> "Container[type[Event]]":
    """Return the event classes that the running reaction or service declared."""
    return _declared.get()


@contextmanager
def declaring(event_classes: "Container[type[Event]]") -> Iterator[None]:
    """Allow these events to be emitted within, and no others."""
    token = _declared.set(event_classes)
    try:
        yield
    finally:
        _declared.reset(token)


@contextmanager
def caused_by(envelope: "Envelope", reaction: "Reaction | None" = None) -> Iterator[None]:
    """Record `envelope` as the cause of all that is emitted or logged within.

    It may emit what it declared, and nothing without a reaction.
    """
    with reacting(reaction, [envelope]), _cause_is(envelope):
        yield


@contextmanager
def reacting(reaction: "Reaction | None", given: "Iterable[Envelope]") -> Iterator[None]:
    """Record the reaction that runs within and the events it is given.

    What it declared may be emitted; where it takes many, within `because_of` alone.
    """
    by = _reaction.set(reaction)
    events = _given.set({envelope.id: envelope for envelope in given})
    try:
        with declaring(reaction.emits if reaction and not reaction.takes_many else frozenset()):
            yield
    finally:
        _given.reset(events)
        _reaction.reset(by)


def envelope_of(event: "Event") -> "Envelope":
    """Return the envelope in which the running reaction was given an event.

    Raises `NotGiven` for one that it was not given.
    """
    envelope = _given.get().get(event.id)
    if _reaction.get() is None or envelope is None:
        raise NotGiven(f"{current_reaction() or 'what runs'} was not given {event.type} {event.id}")
    return envelope


@contextmanager
def because_of(event: "Event") -> Iterator[None]:
    """Make one event, of those that a reaction was given, the cause of all that is emitted within.

    For reactions that take many::

        for event in events:
            with because_of(event):
                emit(...)

    Raises `NotGiven` for an event that the running reaction was not given.
    """
    cause, reaction = envelope_of(event), _reaction.get()
    with declaring(reaction.emits if reaction else ()), _cause_is(cause):
        yield


@contextmanager
def _cause_is(envelope: "Envelope") -> Iterator[None]:
    token = _cause.set(envelope)
    try:
        with structlog.contextvars.bound_contextvars(
            correlation_id=str(envelope.correlation_id), causation_id=str(envelope.id)
        ):
            yield
    finally:
        _cause.reset(token)
