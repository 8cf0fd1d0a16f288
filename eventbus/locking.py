"""Rows locked to be changed: the one way to read a row, change it and save it."""

from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from typing import Any, TypeVar

from django.db import connections, models, router, transaction
from django.db.models.expressions import DatabaseDefault

from eventbus.exceptions import LockEnded

Row = TypeVar("Row", bound=models.Model)


class LockingManager(models.Manager[Row]):
    """Manager of a model whose rows are changed under a lock.

    Both methods are context managers inside a transaction. The row is locked until the
    transaction ends. What the block changed of it is saved when the block ends, by one `UPDATE`
    of these columns; nothing when nothing changed, or when the block raises.
    """

    @contextmanager
    def get_for_update(self, **key: Any) -> Iterator[Row]:
        """Lock the row with this unique key. Raises `unknown` when there is none."""
        if (row := self._lock(key)) is None:
            raise self.unknown(**key)
        with self._saved(row):
            yield row

    @contextmanager
    def get_or_create_for_update(
        self, defaults: dict[str, Any] | None = None, **key: Any
    ) -> Iterator[Row]:
        """Lock the row with this unique key, made with `defaults` if there is none.

        Of two transactions that make it at once the second waits, and gets the row of the first.
        """
        row = self._lock(key) or self._insert_unless_there(self.model(**key, **defaults or {}))
        if row is None:
            row = self.select_for_update().get(**key)
        with self._saved(row):
            yield row

    def unknown(self, **key: Any) -> Exception:
        """Return the error for a row that is not there; to be overridden."""
        missing: type[Exception] = self.model.DoesNotExist  # type: ignore[attr-defined]
        return missing(f"{self.model.__name__} matching {key} does not exist")

    def _lock(self, key: dict[str, Any]) -> Row | None:
        return self.select_for_update().filter(**key).order_by().first()

    def _insert_unless_there(self, row: Row) -> Row | None:
        """Insert in one statement, which locks the row; None when another one was faster."""
        connection = connections[router.db_for_write(self.model)]
        quote = connection.ops.quote_name
        values = {
            quote(str(field.column)): field.get_db_prep_save(value, connection)
            for field in row._meta.concrete_fields
            if not isinstance(value := field.pre_save(row, add=True), DatabaseDefault)
        }
        places = ", ".join(["%s"] * len(values))
        sql = (
            f"INSERT INTO {quote(row._meta.db_table)} ({', '.join(values)}) VALUES ({places})"
            " ON CONFLICT DO NOTHING RETURNING *"
        )
        return next(iter(self.using(connection.alias).raw(sql, list(values.values()))), None)

    @contextmanager
    def _saved(self, row: Row) -> Iterator[None]:
        before = _values(row)
        ends: list[str] = []
        transaction.on_commit(lambda: ends.append("committed"), using=row._state.db)
        yield
        changed = [name for name, value in _values(row).items() if value != before[name]]
        if changed and ends:
            raise LockEnded(f"{row._meta.label}: {', '.join(changed)}")
        if changed:
            row.save(update_fields=[*changed, *_set_on_save(row)])


def _values(row: models.Model) -> dict[str, Any]:
    """Return the row's values by column, so that later changes to them can be told."""
    values = {field.attname: field.value_from_object(row) for field in row._meta.concrete_fields}
    return {n: v if isinstance(v, Hashable) else deepcopy(v) for n, v in values.items()}


def _set_on_save(row: models.Model) -> list[str]:
    fields = row._meta.concrete_fields
    return [field.attname for field in fields if getattr(field, "auto_now", False)]
