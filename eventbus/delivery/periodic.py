"""Work that a relay does now and then, besides carrying events: registered by who needs it."""

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
    """Have every relay run a function about every `seconds`; under a known name, instead of that.

    What it raises is logged, and keeps nobody from the rest.
    """
    _jobs[name] = Job(name, seconds, run, needs_broker)


def jobs() -> list[Job]:
    """All that is registered, in the order in which it was."""
    return list(_jobs.values())
