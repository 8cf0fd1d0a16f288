"""Which rows the open transaction has changed, read from PostgreSQL itself.

However they were changed, raw SQL included. What our transaction wrote has a newer `xmin`
than its snapshot allows anybody else's rows to have; how it was before, another connection
still sees. The tables it touched are read whole, in one pass each: for a person who waits a
moment, never for a worker.
"""

import json
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

Row = dict[str, Any]

_TOUCHED = """
    select s.relname, a.attname, format_type(a.atttypid, a.atttypmod), s.n_tup_del > 0
    from pg_stat_xact_user_tables s
    join pg_index i on i.indrelid = s.relid and i.indisprimary and i.indnkeyatts = 1
    join pg_class c on c.oid = s.relid and not c.relispartition
    join pg_attribute a on a.attrelid = s.relid and a.attnum = i.indkey[0]
    where s.n_tup_ins + s.n_tup_upd + s.n_tup_del > 0 order by s.relname
"""
_SNAPSHOT = "select pg_snapshot_xmax(pg_current_snapshot())::xid::text"
#: True of rows that the transaction wrote itself; takes what `begin` gave.
WRITTEN_BY_US = "age({table}.xmin) <= age(%s::xid)"


@dataclass(frozen=True)
class Change:
    """A row that was created, changed or deleted, with its fields before and after."""

    model: str
    key: Any
    kind: str
    fields: dict[str, tuple[Any, Any]]


@dataclass(frozen=True)
class _Table:
    name: str
    key: str
    key_type: str
    loses_rows: bool

    @property
    def model(self) -> str:
        """The label of the table's model, or its own name where it has none."""
        models = apps.get_models(include_auto_created=True)
        labels = [m._meta.label for m in models if m._meta.db_table == self.name]
        return labels[0] if labels else self.name


def take_snapshot() -> str:
    """Take the snapshot that tells ours from others'; the first thing in a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("set transaction isolation level repeatable read")
        cursor.execute(_SNAPSHOT)
        return cursor.fetchone()[0]


def changes(began: str, *, but: Iterable[str] = ()) -> list[Change]:
    """Return what was changed since the snapshot, in all tables `but` these."""
    touched = [_Table(*row) for row in _rows(connection, _TOUCHED)]
    with closing(connection.copy()) as other_session:
        return [
            change
            for table in touched
            if table.name not in but
            for change in _changes_in(table, began, other_session)
        ]


def _changes_in(table: _Table, began: str, other_session: BaseDatabaseWrapper) -> list[Change]:
    after = _by_key(table, connection, WRITTEN_BY_US.format(table="t"), [began])
    before = _by_key(table, other_session, _key_in(table), [list(map(str, after))])
    if table.loses_rows:
        before |= _deleted(table, other_session)
    found = [_change(table, before.get(key), after.get(key)) for key in {**before, **after}]
    return [change for change in found if change.fields]


def _deleted(table: _Table, other_session: BaseDatabaseWrapper) -> dict[Any, Row]:
    """Return rows that others still see and we do not: a delete leaves an `xmax`."""
    marked = _by_key(table, other_session, "t.xmax <> '0'::xid", [])
    left = _by_key(table, connection, _key_in(table), [list(map(str, marked))])
    return {key: row for key, row in marked.items() if key not in left}


def _key_in(table: _Table) -> str:
    return f'"{table.key}" = any(%s::{table.key_type}[])'


def _by_key(
    table: _Table, database: BaseDatabaseWrapper, where: str, params: list[Any]
) -> dict[Any, Row]:
    query = f'select to_jsonb(t) from "{table.name}" t where {where}'
    found = [json.loads(row) for (row,) in _rows(database, query, params)]
    return {row[table.key]: row for row in found}


def _rows(database: BaseDatabaseWrapper, query: str, params: list[Any] | None = None) -> list[Any]:
    with database.cursor() as cursor:
        cursor.execute(query, params)
        return cursor.fetchall()


def _change(table: _Table, before: Row | None, after: Row | None) -> Change:
    kind = "changed" if before and after else "created" if after else "deleted"
    old, new = before or {}, after or {}
    fields = {
        name: (old.get(name), new.get(name))
        for name in {**old, **new}
        if old.get(name) != new.get(name)
    }
    return Change(table.model, (after or before or {})[table.key], kind, fields)
