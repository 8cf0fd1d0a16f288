"""Waiting for something to become true."""

import time
from collections.abc import Callable
from math import inf
from typing import TypeVar

#: Seconds between two looks at a condition that nobody announces.
INTERVAL = 0.05
#: Seconds between two looks at progress, which cost what is measured meanwhile.
PROGRESS_INTERVAL = 0.1

Seen = TypeVar("Seen")


def wait_until(condition: Callable[[], Seen | None], seconds: float, what: str) -> Seen:
    """Return what `condition()` does once that is true; TimeoutError naming `what` thereafter."""
    give_up = time.monotonic() + seconds
    while not (seen := condition()):
        if time.monotonic() > give_up:
            raise TimeoutError(f"{what}: not within {seconds:g} s")
        time.sleep(INTERVAL)
    return seen


def wait_while_progress(
    look: Callable[[], Seen],
    is_enough: Callable[[Seen], object],
    stalled: float,
    within: float = inf,
) -> tuple[Seen, float]:
    """Return once what `look()` returns is enough, or has not changed for `stalled` seconds.

    Or once `within` seconds are over. Returns what was seen last, and the monotonic time since
    when it has been so.
    """
    seen, since = look(), time.monotonic()
    give_up = since + within
    while not is_enough(seen) and time.monotonic() < min(since + stalled, give_up):
        time.sleep(PROGRESS_INTERVAL)
        if (now := look()) != seen:
            seen, since = now, time.monotonic()
    return seen, since
