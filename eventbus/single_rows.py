"""One row of a table: locked, inserted or updated by SQL that is built once for each model.

Django takes longer to build such a statement than PostgreSQL to answer it. As with
`QuerySet.update`, no signals are sent and `Model.save` is not called.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any, Generic, TypeVar

from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import DatabaseDefault
from django.db.transaction import TransactionManagementError

Row = TypeVar("Row", bound=models.Model)


class SingleRows(Generic[Row]):
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
        if self._connection.get_autocommit():
            raise TransactionManagementError("a row is locked inside a transaction alone")
        fields = {self._field(name): value for name, value in key.items()}
        matching = self._each(fields, " AND ")
        return self._fetch(
            f"SELECT {self.columns} FROM {self.table} WHERE {matching} FOR UPDATE",
            [field.get_db_prep_value(value, self._connection) for field, value in fields.items()],
        )

    def insert(self, row: Row) -> Row | None:
        """Insert a row, which locks it, and return it as it is there; None if its key is taken."""
        values = {
            self.quote(str(field.column)): field.get_db_prep_save(value, self._connection)
            for field in self.fields
            if not isinstance(value := field.pre_save(row, add=True), DatabaseDefault)
        }
        places = ", ".join(["%s"] * len(values))
        return self._fetch(
            f"INSERT INTO {self.table} ({', '.join(values)}) VALUES ({places})"
            f" ON CONFLICT DO NOTHING RETURNING {self.columns}",
            list(values.values()),
        )

    def update(self, row: Row, names: Iterable[str]) -> None:
        """Write these columns, named as attributes. Raises `DoesNotExist` if the row is gone."""
        fields = [self._field(name) for name in names]
        values = [field.pre_save(row, add=False) for field in fields]
        with self._connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {self.table} SET {self._each(fields, ', ')}"  # nosec B608: names of ours
                f" WHERE {self._each([self._field('pk')], '')}",
                [
                    *map(self._to_save, fields, values),
                    self._to_save(self._field("pk"), row.pk),
                ],
            )
            if not cursor.rowcount:
                raise self.model.DoesNotExist(f"{row!r} is gone")  # type: ignore[attr-defined]

    def _fetch(self, sql: str, values: list[Any]) -> Row | None:
        with self._connection.cursor() as cursor:
            cursor.execute(sql, values)
            found = cursor.fetchone()
        return self._of(list(found)) if found else None

    def _of(self, values: list[Any]) -> Row:
        for place, (converters, column) in self.converters.items():
            for convert in converters:
                values[place] = convert(values[place], column, self._connection)
        return self.model.from_db(self.alias, self.names, values)

    def _to_save(self, field: Any, value: Any) -> Any:
        return field.get_db_prep_save(value, self._connection)

    def _each(self, fields: Iterable[Any], between: str) -> str:
        return between.join(f"{self.quote(field.column)} = %s" for field in fields)

    def _field(self, name: str) -> Any:
        meta = self.model._meta
        return meta.pk if name == "pk" else meta.get_field(name)

    @property
    def _connection(self) -> BaseDatabaseWrapper:
        return connections[self.alias]


@cache
def single_rows(model: type[Row], alias: str) -> SingleRows[Row]:
    """Return the rows of a model; its SQL is built once a process."""
    return SingleRows(model, alias)
