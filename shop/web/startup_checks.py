"""Checks of the database before the web process serves."""

from django.conf import settings
from django.db import connection

from eventbus.exceptions import StartupError
from eventbus.messaging.startup_checks import require_migrated
from shop.backoffice.demo import open_demo_logins
from shop.web.capacity import PROBE_SLOTS, STREAM_SLOTS

#: Connections of a web process besides those of its pages: those of probes, of live
#: pages, which are read in four threads, and the one that listens.
OTHER_CONNECTIONS = PROBE_SLOTS + STREAM_SLOTS + 5


def check_startup() -> None:
    """Raise `StartupError` if migrations or connections lack, or strangers know a password."""
    require_migrated()
    check_connections()
    if settings.PRODUCTION:
        check_demo_logins()


def check_connections() -> None:
    """Raise `StartupError` if this process could take more than half of all connections.

    A pooler gives them out itself, and has limits of its own.
    """
    with connection.cursor() as cursor:
        cursor.execute("show max_connections")
        there = int(cursor.fetchone()[0])
    taken = settings.WEB_REQUESTS + OTHER_CONNECTIONS
    if "direct" not in settings.DATABASES and there // 2 < taken:
        raise StartupError(
            f"not started: WEB_REQUESTS={settings.WEB_REQUESTS} may take {taken} of the "
            f"{there} connections to the database, half of which are the workers': "
            "lower it, or raise max_connections"
        )


def check_demo_logins() -> None:
    """Raise `StartupError` with the demonstration's logins that have their passwords still."""
    if names := open_demo_logins():
        raise StartupError(
            f"not started: {', '.join(names)}: everybody knows the demonstration's passwords; "
            "delete these logins, or run: python manage.py changepassword"
        )
