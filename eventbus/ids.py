"""Ids of events: UUIDv7, which begin with the time."""

import secrets
from datetime import datetime
from uuid import UUID

import uuid6

#: Milliseconds by which ids may run ahead of the time, where many are made in one.
MOST_AHEAD = 1000

_last = 0


def new_id(moment: datetime) -> UUID:
    """Return an id of this moment, after the last one made: ids tell their order.

    Unless that one was made by a clock that was wrong.
    """
    global _last
    milliseconds = int(moment.timestamp() * 1000)
    if milliseconds <= _last < milliseconds + MOST_AHEAD:
        milliseconds = _last + 1
    _last = milliseconds
    return UUID(bytes=uuid6.UUID(int=milliseconds << 80 | secrets.randbits(76), version=7).bytes)
