"""Stating that somebody has not reacted in time."""

from dataclasses import asdict
from typing import Any

from eventbus import emit
from eventbus.console.events import ReactionOverdue
from eventbus.operations.overdue import Late


def state_overdue(late: Late, **_: Any) -> None:
    """State what the bus has found, in the transaction that remembers that it was told."""
    facts = asdict(late)
    emit(ReactionOverdue(reacting_app=facts.pop("app"), **facts))
