"""Django system checks: settings without which the ledger cannot work."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.db import connection


def check_project(**_: Any) -> list[CheckMessage]:
    """Return an error for each setting that the ledger cannot do with."""
    errors: list[CheckMessage] = []
    if connection.vendor != "postgresql":
        errors.append(
            Error(
                f"the bus needs PostgreSQL, and DATABASES['default'] is {connection.vendor}",
                hint="ENGINE: django.db.backends.postgresql",
                id="eventbus.E001",
            )
        )
    if not settings.USE_TZ:
        errors.append(
            Error(
                "the bus compares moments of several hosts, and USE_TZ is off",
                hint="USE_TZ = True",
                id="eventbus.E002",
            )
        )
    return errors
