"""Ids for rows that a test writes as the bus would have."""

from datetime import datetime
from itertools import count
from uuid import UUID

from eventbus.history.partitions import first_id

_written = count()


def event_id(occurred_at: datetime) -> UUID:
    """A new id that begins with the time, and comes after those a test took before it."""
    return UUID(int=first_id(occurred_at).int + next(_written))
