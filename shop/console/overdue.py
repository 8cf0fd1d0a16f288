"""Stating that somebody has not reacted in time."""

from dataclasses import asdict
from typing import Any

from shop.bus import emit
from shop.bus.overdue import Late
from shop.console.events import ReactionOverdue


def state_overdue(late: Late, **_: Any) -> None:
    """State what the bus has found, in the transaction that remembers that it was told."""
    facts = asdict(late)
    emit(ReactionOverdue(reacting_app=facts.pop("app"), **facts))
