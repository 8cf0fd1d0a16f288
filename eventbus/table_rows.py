"""Rows of a table: locked, inserted or updated by SQL of our own.

Django takes longer to build such a statement than PostgreSQL to answer it. As with
`QuerySet.update`, no signals are sent and `Model.save` is not called.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, Generic, TypeVar

from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import DatabaseDefault
from django.db.transaction import TransactionManagementError

Row = TypeVar("Row", bound=models.Model)


class TableRows(Generic[Row]):
    """The rows of a model's table in the database of this alias."""

    def __init__(self, model: type[Row], alias: str) -> None:
        self.model, self.alias = model, alias
        self.fields = model._meta.concrete_fields
        self.names = [field.attname for field in self.fields]
        self.quote = connections[alias].ops.quote_name
        self.table = self.quote(model._meta.db_table)
        self.columns = ", ".join(self.quote(str(field.column)) for field in self.fields)
        compiler = models.QuerySet(model).query.get_compiler(alias)
        table = model._meta.db_table
        self.converters = compiler.get_converters([field.get_col(table) for field in self.fields])

    def lock(self, key: dict[str, Any]) -> Row | None:
        """Lock and return the row with these values, by field; None when there is none.

        Raises `TransactionManagementError` outside a transaction.
        """
        fields = {self._field(name): value for name, value in key.items()}
        matching = self._each(fields, " AND ")
        values = [field.get_db_prep_value(v, self._connection) for field, v in fields.items()]
        found = self._lock(f"{matching} FOR UPDATE", values)
        return found[0] if found else None

    def lock_many(self, name: str, keys: Sequence[Any]) -> list[Row]:
        """Lock and return the rows that have one of these values in a field, in its order.

        Raises `TransactionManagementError` outside a transaction.
        """
        if not keys:
            return []
        field = self._field(name)
        column = self.quote(field.column)
        values = [field.get_db_prep_value(key, self._connection) for key in keys]
        matching = f"{column} = ANY(%s::{self._type(field)}[])"
        return self._lock(f"{matching} ORDER BY {column} FOR UPDATE", [values])

    def insert(self, rows: Sequence[Row]) -> list[Row]:
        """Insert rows, which locks them, and return them as they are there.

        A row whose key is taken is left out.
        """
        if not rows:
            return []
        lines = [self._values(row) for row in rows]
        places = ", ".join(["%s"] * len(lines[0]))
        return self._fetch(
            f"INSERT INTO {self.table} ({', '.join(lines[0])})"
            f" VALUES {', '.join([f'({places})'] * len(lines))}"
            f" ON CONFLICT DO NOTHING RETURNING {self.columns}",
            [value for line in lines for value in line.values()],
        )

    def update(self, rows: Sequence[Row], names: Iterable[str]) -> None:
        """Write these columns, named as attributes. Raises `DoesNotExist` if a row is gone."""
        fields = [self._field(name) for name in names]
        if len(rows) == 1:
            written = self._update_one(rows[0], fields)
        else:
            written = self._update_many(rows, fields)
        if written < len(rows):
            raise self.model.DoesNotExist(f"one of {rows!r} is gone")  # type: ignore[attr-defined]

    def _update_one(self, row: Row, fields: Sequence[Any]) -> int:
        pk = self._field("pk")
        return self._execute(
            f"UPDATE {self.table} SET {self._each(fields, ', ')} WHERE {self._each([pk], '')}",
            [self._to_save(row, field) for field in [*fields, pk]],
        )

    def _update_many(self, rows: Sequence[Row], fields: Sequence[Any]) -> int:
        given = {field: self.quote(field.column) for field in [self._field("pk"), *fields]}
        pk, *columns = given.values()
        arrays = ", ".join(f"%s::{self._type(field)}[]" for field in given)
        return self._execute(
            f"UPDATE {self.table} SET {', '.join(f'{c} = new.{c}' for c in columns)}"
            f" FROM unnest({arrays}) AS new ({', '.join(given.values())})"
            f" WHERE {self.table}.{pk} = new.{pk}",
            [[self._to_save(row, field) for row in rows] for field in given],
        )

    def _values(self, row: Row) -> dict[str, Any]:
        """Return what is to be inserted, by column; the database sets what it has defaults for."""
        return {
            self.quote(str(field.column)): field.get_db_prep_save(value, self._connection)
            for field in self.fields
            if not isinstance(value := field.pre_save(row, add=True), DatabaseDefault)
        }

    def _lock(self, matching: str, values: list[Any]) -> list[Row]:
        if self._connection.get_autocommit():
            raise TransactionManagementError("a row is locked inside a transaction alone")
        return self._fetch(f"SELECT {self.columns} FROM {self.table} WHERE {matching}", values)

    def _fetch(self, sql: str, values: list[Any]) -> list[Row]:
        with self._connection.cursor() as cursor:
            cursor.execute(sql, values)
            return [self._of(list(found)) for found in cursor.fetchall()]

    def _execute(self, sql: str, values: list[Any]) -> int:
        """Return how many rows the statement has changed."""
        with self._connection.cursor() as cursor:
            cursor.execute(sql, values)
            return int(cursor.rowcount)

    def _of(self, values: list[Any]) -> Row:
        for place, (converters, column) in self.converters.items():
            for convert in converters:
                values[place] = convert(values[place], column, self._connection)
        return self.model.from_db(self.alias, self.names, values)

    def _to_save(self, row: Row, field: Any) -> Any:
        return field.get_db_prep_save(field.pre_save(row, add=False), self._connection)

    def _each(self, fields: Iterable[Any], between: str) -> str:
        return between.join(f"{self.quote(field.column)} = %s" for field in fields)

    def _type(self, field: Any) -> str:
        """Return the column's type without a length: a cast to one would cut what is too long."""
        return str(field.rel_db_type(self._connection)).partition("(")[0]

    def _field(self, name: str) -> Any:
        meta = self.model._meta
        return meta.pk if name == "pk" else meta.get_field(name)

    @property
    def _connection(self) -> BaseDatabaseWrapper:
        return connections[self.alias]


@cache
def table_rows(model: type[Row], alias: str) -> TableRows[Row]:
    """Return the rows of a model; its SQL is built once a process."""
    return TableRows(model, alias)
