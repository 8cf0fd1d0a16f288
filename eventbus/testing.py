"""Test kit: an app's reactions without a broker or a worker.

The ledger is the real one, so are transactions; only the way of a message is
short. Use inside a test that has a database::

    given(order_placed, StockReserved(...), to="billing")
    assert emitted(PaymentCompleted)
    run_until_idle()              # everything, every app, until nothing is open
"""

import math
import random
from collections.abc import Container, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import TypeVar

from django.apps import apps
from django.db import transaction
from django.db.models.functions import Now

from eventbus import registry
from eventbus.context import declaring
from eventbus.delivery import ledger
from eventbus.delivery.batch import handle_together
from eventbus.delivery.models import Delivery, OutboxEvent
from eventbus.delivery.runner import Incoming, handle
from eventbus.emit import emit as emit_declared
from eventbus.event import Event

AnyEvent = TypeVar("AnyEvent", bound=Event)


class _Everything(Container[type[Event]]):
    def __contains__(self, _: object) -> bool:
        return True


def free_to_emit() -> AbstractContextManager[None]:
    """Allow a test to emit, within, what no reaction or service declared."""
    return declaring(_Everything())


def emit(event: Event, *, publish_after: datetime | None = None) -> None:
    """Emit as whoever may: a test has no declaration."""
    with free_to_emit():
        emit_declared(event, publish_after=publish_after)


def given(*events: Event, to: str, times: int = 1) -> None:
    """Emit events and let one app react to each, in this order, `times` copies of each.

    What the app emits in turn is kept, not delivered: see `emitted`.
    Raises `AssertionError` with its traceback when a reaction fails.
    """
    for event in events:
        message = _published(event)
        for _ in range(times):
            handle(to, [message])
    _fail_on_trouble(to)


def given_together(*events: Event, to: str) -> None:
    """Emit events and let one app react to them as a batch: all have waited for it.

    A reaction that takes many gets them in one list. Raises what a reaction raises, with
    nothing done; `AssertionError` with its traceback for one that fails after an external call.
    """
    handle_together(to, [_published(event) for event in events], until=math.inf)
    _fail_on_trouble(to)


def _published(event: Event) -> Incoming:
    with transaction.atomic():
        emit(event)
    row = OutboxEvent.objects.get(id=event.id)
    _publish([row])
    return Incoming(row.envelope)


def redeliver(*events: Event, to: str) -> None:
    """Deliver copies of events that were already given, in this order."""
    for event in events:
        handle(to, [Incoming(OutboxEvent.objects.get(id=event.id).envelope, redelivered=True)])
    _fail_on_trouble(to)


def emitted(event_class: type[AnyEvent], **fields: object) -> list[AnyEvent]:
    """Return every event of this class emitted so far, with these field values."""
    rows = OutboxEvent.objects.filter(type=event_class.type).order_by("id")
    events = [event_class.from_data(row.data).stamp(row.id, row.occurred_at) for row in rows]
    return [e for e in events if all(getattr(e, k) == v for k, v in fields.items())]


def run_until_idle(
    *, seed: int | None = None, copies: int = 1, scheduled: bool = False, but: Sequence[str] = ()
) -> None:
    """Publish and react, all apps, until nothing is open.

    An app takes all that waits for it in one batch. `seed` shuffles the order of
    arrival, one message at a time, `copies` delivers each message so often,
    `scheduled` lets the time of scheduled events come, `but` names apps that are
    off. In the end, history that is to be redacted is. Raises `AssertionError` when
    a reaction fails.
    """
    order = random.Random(seed) if seed is not None else None
    reacted: set[str] = set()
    pending: list[tuple[str, OutboxEvent]] = []
    while True:
        rows = list(_due(scheduled))
        _publish(rows)
        pending += [
            (app, row) for row in rows for app in _apps_wanting(row) if app not in but
        ] * copies
        if not pending:
            break
        app, batch = _take_batch(pending, order)
        handle(app, [Incoming(row.envelope) for row in batch])
        reacted.add(app)
    _fail_on_trouble(*reacted)
    _redact()


def _take_batch(
    pending: list[tuple[str, OutboxEvent]], order: random.Random | None
) -> tuple[str, list[OutboxEvent]]:
    """Take messages of one app out of `pending`: one drawn from `order`, or all of the first app.

    No event is twice in a batch: a copy comes later.
    """
    if order:
        app, row = pending.pop(order.randrange(len(pending)))
        return app, [row]
    app = pending[0][0]
    batch = list({row.id: row for to, row in pending if to == app}.values())
    for row in batch:
        pending.remove((app, row))
    return app, batch


def resume(app: str) -> None:
    """Let an app that was off react to what waits for it, oldest first, in one batch."""
    waiting = Delivery.objects.filter(app=app, state=Delivery.State.WAITING)
    rows = OutboxEvent.objects.filter(deliveries__in=waiting).distinct().order_by("id")
    handle(app, [Incoming(row.envelope) for row in rows])
    _fail_on_trouble(app)


def _redact() -> None:
    """Run pending redactions, if the history app is installed."""
    if apps.is_installed("eventbus.history"):
        from eventbus.history.redaction_job import run_pending

        run_pending(until=datetime.max.replace(tzinfo=UTC))


def _due(scheduled: bool):
    rows = OutboxEvent.objects.filter(published_at=None).order_by("publish_after", "id")
    return rows if scheduled else rows.filter(publish_after__lte=Now())


def _publish(rows: list[OutboxEvent]) -> None:
    ledger.create_deliveries(rows)
    OutboxEvent.objects.filter(id__in=[r.id for r in rows]).update(published_at=Now())


def _apps_wanting(row: OutboxEvent) -> list[str]:
    return sorted({reaction.app for reaction in registry.reactions_to(row.type)})


def _fail_on_trouble(*names: str) -> None:
    trouble = Delivery.objects.filter(
        app__in=names, state__in=[Delivery.State.FAILED, Delivery.State.PARKED]
    ).first()
    assert trouble is None, f"{trouble.app}.{trouble.reaction} failed:\n{trouble.error}"
