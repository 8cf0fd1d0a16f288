"""Emits `ReactionOverdue` when the bus finds an overdue reaction."""

from dataclasses import asdict
from typing import Any

from eventbus import emit, emits
from eventbus.console.events import ReactionOverdue
from eventbus.operations.overdue import OverdueReaction


@emits(ReactionOverdue)
def emit_overdue(overdue: OverdueReaction, **_: Any) -> None:
    """Emit `ReactionOverdue`, in the transaction that records the episode."""
    facts = asdict(overdue)
    emit(ReactionOverdue(reacting_app=facts.pop("app"), **facts))
