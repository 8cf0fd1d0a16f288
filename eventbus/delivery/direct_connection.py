"""The connection on which to LISTEN: past a pooler, which would hear and not pass on."""

from django.conf import settings
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper


def listening_connection() -> BaseDatabaseWrapper:
    """The connection of this thread that is one session of PostgreSQL's from end to end."""
    return connections["direct" if "direct" in settings.DATABASES else "default"]
