"""When a message is tried again, and for how long: waits that grow, over days."""

import random
from datetime import timedelta

from eventbus.conf import conf

#: By so much of itself a wait is longer at most: not all come back in the same second.
JITTER = 0.1


def wait_after(failures: int) -> timedelta | None:
    """Return how long to wait after so many failed attempts, from 1; None when it was the last."""
    waits = conf.WEBHOOKS_RETRY_AFTER
    return _jittered(waits[failures - 1]) if failures <= len(waits) else None


def rest_after(failures: int) -> timedelta:
    """Return how long a receiver is left alone that did not answer so many times, from 1."""
    waits = conf.WEBHOOKS_RETRY_AFTER
    return _jittered(waits[min(failures, len(waits)) - 1])


def _jittered(wait: timedelta) -> timedelta:
    return wait * (1 + random.random() * JITTER)
