"""Rows locked to be changed: the one way to read a row, change it and save it."""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from typing import Any, TypeVar

from django.db import models, router, transaction

from eventbus.exceptions import LockEnded
from eventbus.table_rows import TableRows, table_rows

Row = TypeVar("Row", bound=models.Model)


class LockingManager(models.Manager[Row]):
    """Manager of a model whose rows are changed under a lock.

    Its methods are context managers inside a transaction. Rows are locked until the
    transaction ends. What the block changed of them is saved when the block ends, by one `UPDATE`
    of these columns, without signals; nothing when nothing changed, or when the block raises.

    Those for many rows take the values of one unique field, `pk=ids`, and give the rows by these.
    They lock them in the order of that field: two that lock the same rows wait for each other,
    and never both.
    """

    @contextmanager
    def get_for_update(self, **key: Any) -> Iterator[Row]:
        """Lock the row with this unique key. Raises `unknown` when there is none."""
        if (row := self._rows.lock(key)) is None:
            raise self.unknown(**key)
        with self._saved([row]):
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
        if row is None:
            made = rows.insert([self.model(**key, **defaults or {})])
            row = made[0] if made else rows.lock(key)
        if row is None:
            raise self.unknown(**key)
        with self._saved([row]):
            yield row

    @contextmanager
    def get_many_for_update(self, **keys: Iterable[Any]) -> Iterator[dict[Any, Row]]:
        """Lock the rows with these keys. Raises `unknown` when there is none for one of them."""
        name, wanted = _unique(keys)
        with self.get_known_for_update(**keys) as found:
            for key in wanted:
                if key not in found:
                    raise self.unknown(**{name: key})
            yield found

    @contextmanager
    def get_known_for_update(self, **keys: Iterable[Any]) -> Iterator[dict[Any, Row]]:
        """Lock the rows with these keys, as far as there are any."""
        found = self._lock_many(*_unique(keys))
        with self._saved(list(found.values())):
            yield found

    @contextmanager
    def get_or_create_many_for_update(
        self,
        defaults: dict[str, Any] | None = None,
        *,
        mostly_new: bool = False,
        **keys: Iterable[Any],
    ) -> Iterator[dict[Any, Row]]:
        """Lock the rows with these keys, made with `defaults` where there are none.

        It takes three statements at most, and one to save them; see `get_or_create_for_update`.
        """
        name, wanted = _unique(keys)
        found = {} if mostly_new else self._lock_many(name, wanted)
        missing = [key for key in wanted if key not in found]
        new = [self.model(**{name: key}, **deepcopy(defaults or {})) for key in missing]
        found |= {getattr(row, name): row for row in self._rows.insert(new)}
        found |= self._lock_many(name, [key for key in missing if key not in found])
        with self._saved(list(found.values())):
            yield found

    def unknown(self, **key: Any) -> Exception:
        """Return the error for a row that is not there; to be overridden."""
        missing: type[Exception] = self.model.DoesNotExist  # type: ignore[attr-defined]
        return missing(f"{self.model.__name__} matching {key} does not exist")

    @property
    def _rows(self) -> TableRows[Row]:
        return table_rows(self.model, router.db_for_write(self.model))

    def _lock_many(self, name: str, keys: Sequence[Any]) -> dict[Any, Row]:
        return {getattr(row, name): row for row in self._rows.lock_many(name, keys)}

    @contextmanager
    def _saved(self, rows: Sequence[Row]) -> Iterator[None]:
        before = [_values(row) for row in rows]
        ends: list[str] = []
        transaction.on_commit(lambda: ends.append("committed"), using=self._rows.alias)
        yield
        changes = [_changed(row, values) for row, values in zip(rows, before, strict=True)]
        if not (names := sorted(set().union(*changes))):
            return
        if ends:
            raise LockEnded(f"{self.model._meta.label}: {', '.join(names)}")
        changed = [row for row, change in zip(rows, changes, strict=True) if change]
        self._rows.update(changed, [*names, *_set_on_save(self.model)])


def _unique(keys: dict[str, Iterable[Any]]) -> tuple[str, list[Any]]:
    """Return the one field and the values of it, each once and sorted."""
    ((name, values),) = keys.items()
    return name, sorted(set(values))


def _values(row: models.Model) -> dict[str, Any]:
    """Return the row's values by column, so that later changes to them can be told."""
    values = {field.attname: field.value_from_object(row) for field in row._meta.concrete_fields}
    return {n: v if isinstance(v, Hashable) else deepcopy(v) for n, v in values.items()}


def _changed(row: models.Model, before: dict[str, Any]) -> set[str]:
    """Return the columns whose values are no longer what they were."""
    return {name for name, value in before.items() if getattr(row, name) != value}


def _set_on_save(model: type[models.Model]) -> list[str]:
    fields = model._meta.concrete_fields
    return [field.attname for field in fields if getattr(field, "auto_now", False)]
