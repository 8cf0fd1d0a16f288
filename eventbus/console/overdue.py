"""Stating that somebody has not reacted in time."""

from dataclasses import asdict
from typing import Any

from eventbus import emit, emits
from eventbus.console.events import ReactionOverdue
from eventbus.operations.overdue import OverdueReaction


@emits(ReactionOverdue)
def emit_overdue(overdue: OverdueReaction, **_: Any) -> None:
    """State what the bus has found, in the transaction that remembers that it was told."""
    facts = asdict(overdue)
    emit(ReactionOverdue(reacting_app=facts.pop("app"), **facts))
