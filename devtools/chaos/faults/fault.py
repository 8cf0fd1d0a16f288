"""What a fault is."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from devtools.chaos.world import World

#: Takes the world, the target, and how many seconds it lasts.
Strike = Callable[["World", str, float], None]

FAULTS: dict[str, Fault] = {}


@dataclass(frozen=True)
class Fault:
    """A fault by its name, the targets it can strike, and what it does in words."""

    name: str
    does: str
    strike: Strike
    targets: Sequence[str]
    #: whether it goes on for a while, and whether from the beginning to the end of the run
    takes_time: bool
    lasts: bool
    #: seconds that it goes on at least, however short the run
    at_least: float = 0.0


def fault(
    *,
    targets: Sequence[str] = ("",),
    takes_time: bool = False,
    lasts: bool = False,
    at_least: float = 0.0,
) -> Callable[[Strike], Strike]:
    """Register a function as the fault of its name; its docstring says what it does."""

    def register(strike: Strike) -> Strike:
        name = strike.__name__.replace("_", "-")
        does = inspect.getdoc(strike) or ""
        FAULTS[name] = Fault(name, does, strike, targets, takes_time, lasts, at_least)
        return strike

    return register
