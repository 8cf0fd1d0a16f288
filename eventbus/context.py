"""The event that the running code reacts to: the cause of whatever it emits."""

from collections.abc import Container, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from eventbus.envelope import Envelope
    from eventbus.event import Event
    from eventbus.registry import Reaction

_cause: ContextVar["Envelope | None"] = ContextVar("cause", default=None)
_reaction: ContextVar[str] = ContextVar("reaction", default="")
_declared: ContextVar["Container[type[Event]]"] = ContextVar("declared", default=frozenset())


def current_cause() -> "Envelope | None":
    """Return the event being reacted to, or None where a person started the work."""
    return _cause.get()


def current_reaction() -> str:
    """Return the name of the running reaction; empty where a person started the work."""
    return _reaction.get()


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
    token = _cause.set(envelope)
    try:
        with (
            reacting(reaction),
            structlog.contextvars.bound_contextvars(
                correlation_id=str(envelope.correlation_id), causation_id=str(envelope.id)
            ),
        ):
            yield
    finally:
        _cause.reset(token)


@contextmanager
def reacting(reaction: "Reaction | None") -> Iterator[None]:
    """Record the reaction that runs within, and allow what it declared to be emitted."""
    by = _reaction.set(reaction.name if reaction else "")
    try:
        with declaring(reaction.emits if reaction else frozenset()):
            yield
    finally:
        _reaction.reset(by)
