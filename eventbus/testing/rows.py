"""What a run of reactions leaves in tables, compared with another run of the same."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from django.apps import apps
from django.db import models, transaction

from eventbus import registry
from eventbus.delivery.models import OutboxEvent

Table = type[models.Model]
#: How often a column of a table has a value.
Effects = Counter[tuple[str, str, str]]
#: Columns that no chance may change: which events were emitted, how many rows there are.
EMITTED, ROWS = "events emitted", "rows"
#: Whose tables every run writes.
BUS = "eventbus"


def own_tables(app: str) -> list[Table]:
    """Return the models of an app."""
    return [model for model in apps.get_models() if registry.owner(model.__module__) == app]


def foreign_tables(app: str) -> set[str]:
    """Return the names of the tables of all other apps that have events or reactions.

    The bus's own are not among them: a bridge of it forgets who is redacted.
    """
    others = {*registry.apps_with_reactions(), *map(registry.app_label, registry.event_types())}
    return {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if registry.owner(model.__module__) in others - {app}
        and not model.__module__.startswith(f"{BUS}.")
    }


def effects_of(run: Callable[[], object], app: str) -> Effects:
    """Return what the tables of an app hold, and which events were emitted, once it has run.

    It is rolled back.
    """
    with transaction.atomic():
        run()
        effects = Counter(cell for table in own_tables(app) for cell in _cells(table))
        effects.update((EMITTED, "type", type) for type in _emitted_by(app))
        transaction.set_rollback(True)
    return effects


def by_chance(one: Effects, other: Effects) -> set[tuple[str, str]]:
    """Return the columns in which two equal runs differ: numbers, times, what is drawn."""
    return {
        (table, column)
        for table, column, _ in (one - other) + (other - one)
        if table != EMITTED and column != ROWS
    }


def without(effects: Effects, columns: Iterable[tuple[str, str]]) -> Effects:
    """Return effects without those in some columns."""
    left_out = {*columns}
    return Counter({cell: n for cell, n in effects.items() if cell[:2] not in left_out})


def difference(expected: Effects, found: Effects) -> str:
    """Return in lines what is missing (-) and what is too much (+)."""
    missing, surplus = expected - found, found - expected
    return "\n".join(
        f"  {sign} {table}.{column}: {value}" + (f", {count} times" if count > 1 else "")
        for sign, cells in (("-", missing), ("+", surplus))
        for (table, column, value), count in sorted(cells.items())
    )


def _cells(table: Table) -> Iterator[tuple[str, str, str]]:
    names = [field.attname for field in table._meta.concrete_fields]
    for row in table._base_manager.values(*names):
        yield table.__name__, ROWS, "1"
        for column, value in row.items():
            yield table.__name__, column, str(value)


def _emitted_by(app: str) -> Iterable[str]:
    emitted = OutboxEvent.objects.filter(type__startswith=f"{app}.").exclude(emitted_by="")
    return emitted.values_list("type", flat=True)
