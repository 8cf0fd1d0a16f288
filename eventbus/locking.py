"""Rows locked to be changed: the one way to read a row, change it and save it."""

from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from typing import Any, TypeVar

from django.db import models, router, transaction

from eventbus.exceptions import LockEnded
from eventbus.single_rows import SingleRows, single_rows

Row = TypeVar("Row", bound=models.Model)


class LockingManager(models.Manager[Row]):
    """Manager of a model whose rows are changed under a lock.

    Both methods are context managers inside a transaction. The row is locked until the
    transaction ends. What the block changed of it is saved when the block ends, by one `UPDATE`
    of these columns, without signals; nothing when nothing changed, or when the block raises.
    """

    @contextmanager
    def get_for_update(self, **key: Any) -> Iterator[Row]:
        """Lock the row with this unique key. Raises `unknown` when there is none."""
        if (row := self._rows.lock(key)) is None:
            raise self.unknown(**key)
        with self._saved(row):
            yield row

    @contextmanager
    def get_or_create_for_update(
        self, defaults: dict[str, Any] | None = None, *, mostly_new: bool = False, **key: Any
    ) -> Iterator[Row]:
        """Lock the row with this unique key, made with `defaults` if there is none.

        Of two transactions that make it at once the second waits, and gets the row of the first.
        Where it is `mostly_new` it is not looked for before it is made: one statement less then,
        one more where it is there.
        """
        rows = self._rows
        row = None if mostly_new else rows.lock(key)
        row = row or rows.insert(self.model(**key, **defaults or {})) or rows.lock(key)
        if row is None:
            raise self.unknown(**key)
        with self._saved(row):
            yield row

    def unknown(self, **key: Any) -> Exception:
        """Return the error for a row that is not there; to be overridden."""
        missing: type[Exception] = self.model.DoesNotExist  # type: ignore[attr-defined]
        return missing(f"{self.model.__name__} matching {key} does not exist")

    @property
    def _rows(self) -> SingleRows[Row]:
        return single_rows(self.model, router.db_for_write(self.model))

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
            self._rows.update(row, [*changed, *_set_on_save(row)])


def _values(row: models.Model) -> dict[str, Any]:
    """Return the row's values by column, so that later changes to them can be told."""
    values = {field.attname: field.value_from_object(row) for field in row._meta.concrete_fields}
    return {n: v if isinstance(v, Hashable) else deepcopy(v) for n, v in values.items()}


def _set_on_save(row: models.Model) -> list[str]:
    fields = row._meta.concrete_fields
    return [field.attname for field in fields if getattr(field, "auto_now", False)]
