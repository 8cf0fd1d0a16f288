"""The tests' database, after a test that commits, as it was before.

Django truncates every table and fills in again what the apps keep there: most of what such a test
takes. Here rows are deleted from where there are any. What migrations left stays, and is put back
if a test has changed it.
"""

from collections.abc import Iterable

from django.db import connection
from django.test import TransactionTestCase


class Emptying:
    """Made when the migrations have run and no test has."""

    def __init__(self) -> None:
        self._left = _written(_tables())
        _keep_copies(self._left)

    def after(self, _: TransactionTestCase) -> None:
        """Takes the place of the method by which Django does it."""
        now = _written(self._left)
        changed = {table for table, digest in self._left.items() if now.get(table) != digest}
        _delete(changed | set(_tables()) - set(self._left), restored=changed)


def _keep_copies(tables: Iterable[str]) -> None:
    copies = "".join(f'CREATE TABLE kept."{table}" AS TABLE "{table}";' for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS kept CASCADE; CREATE SCHEMA kept; {copies}")


def _tables() -> list[str]:
    """The names of all tables; of a table that is divided, those of its parts."""
    query = """
        SELECT relname FROM pg_class
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
    """
    with connection.cursor() as cursor:
        cursor.execute(query)
        return [name for (name,) in cursor]


def _written(tables: Iterable[str]) -> dict[str, str]:
    """Return those of these tables that have rows, each with a digest of them."""
    digest = "SELECT '{0}', md5(string_agg(r::text, ' ' ORDER BY r::text)) FROM \"{0}\" r"
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(digest.format(table) for table in tables))
        return {table: value for table, value in cursor if value}


def _delete(tables: Iterable[str], restored: Iterable[str]) -> None:
    """Delete all rows, and put back the kept ones. Keys and triggers have no say in that."""
    deletes = "".join(f'DELETE FROM "{table}";' for table in tables)
    inserts = "".join(f'INSERT INTO "{table}" TABLE kept."{table}";' for table in restored)
    with connection.cursor() as cursor:
        cursor.execute(
            f"BEGIN; SET LOCAL session_replication_role = replica; {deletes} {inserts} COMMIT"
        )
