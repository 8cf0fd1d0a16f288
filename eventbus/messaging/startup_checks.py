"""Startup checks: the database is reachable and fully migrated."""

from collections.abc import Container, Iterator
from importlib.util import find_spec
from pkgutil import iter_modules

from django.apps import apps
from django.db import InterfaceError, OperationalError, ProgrammingError, connection
from django.db.migrations.loader import MigrationLoader
from tenacity import Retrying, retry_if_exception_type, stop_after_delay, wait_fixed

from eventbus.exceptions import StartupError, in_one_line
from eventbus.signals import database_ready

#: Errors raised while the database is away.
DATABASE_AWAY = (OperationalError, InterfaceError)
#: Seconds to wait for a database that is just starting: programs and servers often start together.
DATABASE_TIMEOUT = 10.0
#: Seconds between two attempts.
BETWEEN = 0.5


def wait_for_database() -> None:
    """Raise `StartupError`, in one line, if the database stays away or lacks a migration.

    Or if it is none that the ledger can be kept in.
    """
    if connection.vendor != "postgresql":
        found = f"DATABASES['default'] is {connection.vendor}"
        raise StartupError(f"not started: the bus needs PostgreSQL, and {found}")
    retrying = Retrying(
        retry=retry_if_exception_type(DATABASE_AWAY),
        wait=wait_fixed(BETWEEN),
        stop=stop_after_delay(DATABASE_TIMEOUT),
        reraise=True,
    )
    try:
        retrying(require_migrated)
    except DATABASE_AWAY as error:
        raise StartupError(f"not started: the database is away: {in_one_line(error)}") from error


def require_migrated() -> None:
    """Raise `StartupError` if the database lacks a migration. Newer ones than ours do no harm."""
    try:
        _require_applied(_applied_migrations())
        database_ready.send(sender=None)
    finally:
        # The pool's processes would inherit it.
        connection.close()


def _applied_migrations() -> set[tuple[str, str]]:
    """Return app and name of every migration. A pool's parent process does without the ORM."""
    with connection.cursor() as cursor:
        try:
            cursor.execute("select app, name from django_migrations")
        except ProgrammingError:
            # There is no such table before the first one.
            return set()
        return set(cursor.fetchall())


def _require_applied(applied: Container[tuple[str, str]]) -> None:
    if missing := [f"{app}.{name}" for app, name in _migrations() if (app, name) not in applied]:
        more = f" and {len(missing) - 1} more" if missing[1:] else ""
        raise StartupError(
            f"not started: the database lacks {missing[0]}{more}; run: python manage.py migrate"
        )


def _migrations() -> Iterator[tuple[str, str]]:
    """Yield app and name of every migration. Only file names are read: importing all is slow."""
    for config in apps.get_app_configs():
        module, _ = MigrationLoader.migrations_module(config.label)
        package = find_spec(module) if module else None
        folders = package and package.submodule_search_locations
        for _, name, is_package in iter_modules(folders or []):
            if not is_package and name[0] not in "_~":
                yield config.label, name
