"""Stating that somebody has not reacted in time."""

from dataclasses import asdict
from typing import Any

from eventbus import emit, emits
from eventbus.console.events import ReactionOverdue
from eventbus.operations.overdue import Late


@emits(ReactionOverdue)
def state_overdue(late: Late, **_: Any) -> None:
    """State what the bus has found, in the transaction that remembers that it was told."""
    facts = asdict(late)
    emit(ReactionOverdue(reacting_app=facts.pop("app"), **facts))
