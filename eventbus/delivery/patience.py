"""Waiting for a database in which what was done can be written down."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

import structlog

from eventbus.delivery import outage
from eventbus.delivery.trouble import Trouble

log = structlog.get_logger("eventbus.messaging.worker")

#: Seconds a message waits for the database before it goes back to the queue.
PATIENCE = 30.0
#: Seconds that one waits which holds up the loop that consumes.
SHORT_PATIENCE = 5.0
#: Seconds between two tries, doubling from the first to the second.
SHORTEST_PAUSE, LONGEST_PAUSE = 0.25, 2.0

Result = TypeVar("Result")

#: This worker's, from before its processes are forked.
trouble = Trouble()


def _always(error: Exception) -> bool:
    return True


def patiently(
    work: Callable[[], Result],
    patience: float,
    waits_for: Callable[[Exception], bool] = _always,
) -> Result:
    """Try until it is done; `waits_for` says after which errors.

    Raises the others, and the last one when patience, in seconds, is at an end.
    """
    give_up, pause = time.monotonic() + patience, SHORTEST_PAUSE
    while True:
        try:
            return work()
        except Exception as error:
            if not waits_for(error):
                raise
            outage.leave()
            # The lines below the first may quote rows, and so people.
            told = f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"
            trouble.has_come(told)
            log.warning("a message waits: nothing can be written down", error=told)
            if time.monotonic() > give_up:
                raise
        # Those who wait do not all come at once.
        time.sleep(pause * random.uniform(0.5, 1.5))
        pause = min(pause * 2, LONGEST_PAUSE)
