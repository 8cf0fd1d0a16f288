"""Whether a batch leaves the same rows as its messages one by one."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from math import inf
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from eventbus import Event
from eventbus.delivery.batch import handle_together
from eventbus.delivery.models import OutboxEvent
from eventbus.delivery.runner import Incoming, handle
from eventbus.testing import given

Table = type[models.Model]


def assert_same_rows(
    app: str, events: Iterable[tuple[Event, datetime]], tables: Iterable[Table]
) -> None:
    """Have `app` react to events of these times one by one and in a batch, and compare tables.

    What a row has from the clock, and its number, is left out, and so is a row that says zero.
    """
    tables = list(tables)
    with transaction.atomic():
        messages = [_message(event, at) for event, at in events]

        def one_by_one() -> None:
            for message in messages:
                handle(app, [message])

        expected = _rows_after(one_by_one, tables)
        found = _rows_after(lambda: handle_together(app, messages, inf) and None, tables)
        assert found == expected
        assert expected
        transaction.set_rollback(True)


def _message(event: Event, at: datetime) -> Incoming:
    given(event, to="nobody")
    OutboxEvent.objects.filter(id=event.id).update(occurred_at=at)
    return Incoming(OutboxEvent.objects.get(id=event.id).envelope)


def _rows_after(run: Callable[[], None], tables: Iterable[Table]) -> Counter[Any]:
    with transaction.atomic():
        run()
        rows = Counter(row for table in tables for row in _rows(table))
        transaction.set_rollback(True)
    return rows


def _rows(table: Table) -> Iterable[tuple]:
    names = [field.attname for field in table._meta.concrete_fields if not _is_by_chance(field)]
    for row in table._default_manager.values(*names):
        if row.get("value") != 0:
            yield table.__name__, *(str(value) for value in row.values())


def _is_by_chance(field: models.Field) -> bool:
    is_set = getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
    return isinstance(field, models.AutoField) or is_set or field.default is timezone.now
