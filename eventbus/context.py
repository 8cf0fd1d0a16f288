"""What the running code is reacting to: the cause of whatever it states."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from eventbus.envelope import Envelope

_cause: ContextVar["Envelope | None"] = ContextVar("cause", default=None)
_reaction: ContextVar[str] = ContextVar("reaction", default="")


def current_cause() -> "Envelope | None":
    """The event being reacted to, or None where a person started the work."""
    return _cause.get()


def current_reaction() -> str:
    """The name of the reaction that runs; empty where a person started the work."""
    return _reaction.get()


@contextmanager
def caused_by(envelope: "Envelope", reaction: str = "") -> Iterator[None]:
    """Within, everything stated or logged is an effect of `envelope`, by this reaction."""
    token, by = _cause.set(envelope), _reaction.set(reaction)
    try:
        with structlog.contextvars.bound_contextvars(
            correlation_id=str(envelope.correlation_id), causation_id=str(envelope.id)
        ):
            yield
    finally:
        _reaction.reset(by)
        _cause.reset(token)
