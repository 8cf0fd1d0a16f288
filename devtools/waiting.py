"""Waiting for something to become true."""

import time
from collections.abc import Callable

#: Seconds between two looks at a condition that nobody announces.
INTERVAL = 0.05


def wait_until(condition: Callable[[], object], seconds: float, what: str) -> None:
    """Return when `condition()` is true; after `seconds` raise TimeoutError naming `what`."""
    give_up = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > give_up:
            raise TimeoutError(f"{what}: not within {seconds:g} s")
        time.sleep(INTERVAL)
