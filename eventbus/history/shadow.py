"""Tables of the same form in a schema of their own, found before the live ones."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import connection, models, transaction

_COLUMNS = """
    select c.oid::regclass::text, n.nspname, a.attname, a.attgenerated <> '',
        pg_get_serial_sequence(format('%%I.%%I', n.nspname, c.relname), a.attname) is not null
    from unnest(%s::text[]) with ordinality as wanted (name, place)
    join pg_class c on c.oid = wanted.name::regclass
    join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    order by place, a.attnum
"""
_WRITTEN = """
    select relid::regclass::text, n_tup_ins, n_tup_upd, n_tup_del from pg_stat_xact_user_tables
    where n_tup_ins + n_tup_upd + n_tup_del > 0 and schemaname <> %s order by relname
"""

_CHANGES = """
    select count(*) filter (where old."{key}" is null),
        count(*) filter (where to_jsonb(old) <> to_jsonb(new)),
        count(*) filter (where new."{key}" is null)
    from {live} old full join {shadow} new using ("{key}")
"""
#: Rows created, changed and deleted, by table.
Writes = dict[str, tuple[int, ...]]


@dataclass(frozen=True)
class Difference:
    """Rows of a live table and of its shadow, and how many only one of them has."""

    live: int
    shadow: int
    only_live: int
    only_shadow: int


@dataclass(frozen=True)
class Table:
    """A table that has a shadow. `serials`: its columns that the database numbers."""

    name: str
    key: str
    live_schema: str
    columns: tuple[str, ...]
    serials: tuple[str, ...]

    @property
    def live(self) -> str:
        return f'"{self.live_schema}"."{self.name}"'

    @property
    def listed(self) -> str:
        return ", ".join(f'"{name}"' for name in self.columns)


class Shadow:
    """Shadows of some models' tables, in the schema `name`."""

    def __init__(self, name: str, of: Iterable[type[models.Model]]) -> None:
        self.name = name
        self._keys = {model._meta.db_table: str(model._meta.pk.column) for model in of}

    @cached_property
    def tables(self) -> list[Table]:
        found = _columns([*self._keys])
        return [_table(name, self._keys[name], columns) for name, columns in found.items()]

    def create(self) -> None:
        """Create empty shadows; what an earlier run has left is dropped."""
        tables = self.tables
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f'drop schema if exists "{self.name}" cascade')
            cursor.execute(f'create schema "{self.name}"')
            for table in tables:
                cursor.execute(f"create table {self._of(table)} (like {table.live} including all)")

    def copy(self) -> None:
        """Copy the live rows into the shadows."""
        for table in self.tables:
            self._execute(_insert(table, self._of(table), table.live))
            self._go_on_numbering(table, self._of(table))

    @contextmanager
    def used(self) -> Iterator[None]:
        """Have what runs within find the shadows instead of the live tables: a transaction."""
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("select current_setting('search_path')")
            before = cursor.fetchone()[0]
            cursor.execute(
                "select set_config('search_path', %s, true)", [f'"{self.name}", {before}']
            )
            yield
            cursor.execute("select set_config('search_path', %s, true)", [before])

    def lock_live(self, timeout_ms: int) -> None:
        """Lock the live tables against all who write. Raises when that takes longer."""
        self._execute(f"set local lock_timeout = {timeout_ms}")
        names = ", ".join(table.live for table in self.tables)
        self._execute(f"lock table {names} in exclusive mode")

    def swap(self) -> None:
        """Put the shadows' rows in the place of the live ones. Who reads is not kept waiting.

        Triggers, such as those that keep a ledger from being changed, do not run.
        """
        self._set_triggers("disable")
        for table in self.tables:
            self._execute(f"delete from {table.live}")  # nosec B608 # names of tables
            self._execute(_insert(table, table.live, self._of(table)))
            self._go_on_numbering(table, table.live)
        self._set_triggers("enable")

    def drop(self) -> None:
        self._execute(f'drop schema "{self.name}" cascade')

    def sizes(self) -> dict[str, tuple[int, ...]]:
        """Return the rows of each live table and of its shadow."""
        return {table.name: self._counts(table.live, self._of(table)) for table in self.tables}

    def differences(self) -> dict[str, Difference]:
        """Compare each table with its shadow, but for the numbers of rows."""
        return {table.name: self._difference(table) for table in self.tables}

    def changes(self) -> Writes:
        """Return the rows that are created, changed and deleted in the shadow of each table."""
        return {table.name: self._changes(table) for table in self.tables}

    def written_elsewhere(self) -> Writes:
        """Return rows that this session has created, changed and deleted outside, by table.

        Those of this transaction, rolled back or not, and of transactions just before.
        """
        return {name: tuple(counts) for name, *counts in self._fetch(_WRITTEN, [self.name])}

    def written_since(self, before: Writes) -> Writes:
        """Return the rows that were created, changed and deleted outside since `before`."""
        none = (0, 0, 0)
        return {
            name: tuple(
                now - then for now, then in zip(counts, before.get(name, none), strict=True)
            )
            for name, counts in self.written_elsewhere().items()
            if counts != before.get(name)
        }

    def _set_triggers(self, to: str) -> None:
        # A table that has deferred checks to come cannot be altered.
        self._execute("set constraints all immediate")
        for table in self.tables:
            self._execute(f"alter table {table.live} {to} trigger user")
        self._execute("set constraints all deferred")

    def _difference(self, table: Table) -> Difference:
        live, shadow = (_as_json(table, of) for of in (table.live, self._of(table)))
        only = (f"({live} except all {shadow})", f"({shadow} except all {live})")
        return Difference(*self._counts(table.live, self._of(table), *only))

    def _changes(self, table: Table) -> tuple[int, ...]:
        names = {"live": table.live, "shadow": self._of(table), "key": table.key}
        return self._fetch(_CHANGES.format(**names))[0]

    def _counts(self, *of: str) -> tuple[int, ...]:
        counts = ", ".join(f"(select count(*) from {each} counted)" for each in of)
        return self._fetch(f"select {counts}")[0]

    def _go_on_numbering(self, table: Table, where: str) -> None:
        """Number rows to come above those there are; never below what was given before."""
        for column in table.serials:
            ((sequence,),) = self._fetch("select pg_get_serial_sequence(%s, %s)", [where, column])
            self._execute(
                f"select setval('{sequence}', greatest(last_value, (select max(\"{column}\")"
                f" from {where}))) from {sequence}"
            )

    def _of(self, table: Table) -> str:
        return f'"{self.name}"."{table.name}"'

    def _execute(self, sql: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql)

    def _fetch(self, sql: str, parameters: list[Any] | None = None) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return cursor.fetchall()


def _columns(names: list[str]) -> dict[str, list[tuple[Any, ...]]]:
    found: dict[str, list[tuple[Any, ...]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS, [names])
        for name, *column in cursor.fetchall():
            found.setdefault(name, []).append(tuple(column))
    return found


def _table(name: str, key: str, columns: list[tuple[Any, ...]]) -> Table:
    return Table(
        name=name,
        key=key,
        live_schema=columns[0][0],
        columns=tuple(column for _, column, is_generated, _ in columns if not is_generated),
        serials=tuple(column for _, column, _, is_serial in columns if is_serial),
    )


def _insert(table: Table, into: str, of: str) -> str:
    # Names of tables and columns, read from the database.
    return f"insert into {into} ({table.listed}) select {table.listed} from {of}"  # nosec B608


def _as_json(table: Table, of: str) -> str:
    numbers = "".join(f" - '{column}'" for column in table.serials)
    return f"select to_jsonb(t){numbers} from {of} t"  # nosec B608 # as above
