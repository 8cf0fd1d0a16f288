"""PostgreSQL LISTEN: the channel of finished reactions, and a connection to listen on.

The connection bypasses a transaction pooler, which does not pass notifications on.
"""

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from eventbus.conf import conf

#: The channel's name. The payload is the subjects of the events, joined by commas.
REACTION_CHANNEL = "eventbus_reactions"


def direct_connection() -> BaseDatabaseWrapper:
    """Return this thread's connection that bypasses a transaction pooler."""
    return connections[conf.DIRECT_DATABASE]
