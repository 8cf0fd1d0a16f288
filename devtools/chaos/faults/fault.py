"""The class of faults, and the decorator that registers one."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from devtools.chaos.system_under_test import SystemUnderTest

#: Takes the world, the target, and how many seconds it lasts.
Inject = Callable[["SystemUnderTest", str, float], None]

FAULTS: dict[str, Fault] = {}


@dataclass(frozen=True)
class Fault:
    """A fault by its name, the targets it can have, and what it does in words."""

    name: str
    does: str
    inject: Inject
    targets: tuple[str, ...]
    #: whether it goes on for a while, and whether from the beginning to the end of the run
    takes_time: bool
    lasts: bool
    #: seconds that it goes on at least, however short the run
    at_least: float = 0.0
    #: whether it does nothing to an app that is off
    needs_running: bool = False


def fault(
    *,
    targets: Sequence[str] = ("",),
    takes_time: bool = False,
    lasts: bool = False,
    at_least: float = 0.0,
    needs_running: bool = False,
) -> Callable[[Inject], Inject]:
    """Register a function as the fault of its name; its docstring says what it does."""

    def register(inject: Inject) -> Inject:
        name = inject.__name__.replace("_", "-")
        does = inspect.getdoc(inject) or ""
        FAULTS[name] = Fault(
            name, does, inject, tuple(targets), takes_time, lasts, at_least, needs_running
        )
        return inject

    return register
