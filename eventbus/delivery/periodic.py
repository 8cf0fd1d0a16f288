"""Periodic jobs of the relay, registered by the layers that need them."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Job:
    """A function without arguments that is run about every `seconds`, and is quick.

    `needs_broker`: not while the broker is away; the others are run then too, for that is when
    there is something to see.
    """

    name: str
    seconds: float
    run: Callable[[], object]
    needs_broker: bool


_jobs: dict[str, Job] = {}


def add(
    name: str, seconds: float, run: Callable[[], object], *, needs_broker: bool = False
) -> None:
    """Register a job that every relay runs about every `seconds`; a known name is replaced.

    What it raises is logged and keeps no other job from running.
    """
    _jobs[name] = Job(name, seconds, run, needs_broker)


def jobs() -> list[Job]:
    """Return all jobs in the order of their registration."""
    return list(_jobs.values())
