"""Hearing at once what an app has reacted to: the channel, and the connection on which to LISTEN.

A connection past a pooler, which would hear and not pass on.
"""

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from eventbus.conf import conf

#: What to LISTEN to. The payload is the subjects of the events, joined by commas.
REACTION_CHANNEL = "eventbus_reactions"


def direct_connection() -> BaseDatabaseWrapper:
    """Return this thread's connection that bypasses a transaction pooler."""
    return connections[conf.DIRECT_DATABASE]
