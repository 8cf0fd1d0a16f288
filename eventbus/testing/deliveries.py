"""Events brought to one app."""

import math

from django.db import transaction
from django.db.models.functions import Now

from eventbus.delivery import ledger
from eventbus.delivery.batch import handle_together
from eventbus.delivery.models import Delivery, OutboxEvent
from eventbus.delivery.runner import Incoming, handle
from eventbus.event import Event
from eventbus.testing.emitting import emit


def given(*events: Event, to: str, times: int = 1) -> None:
    """Emit events and let one app react to each, in this order, `times` copies of each.

    What the app emits in turn is kept, not delivered: see `emitted`.
    Raises `AssertionError` with its traceback when a reaction fails.
    """
    for event in events:
        message = published(event)
        for _ in range(times):
            handle(to, [message])
    fail_on_trouble(to)


def given_together(*events: Event, to: str) -> None:
    """Emit events and let one app react to them as a batch: all have waited for it.

    A reaction that takes many gets them in one list. Raises what a reaction raises, with
    nothing done; `AssertionError` with its traceback for one that fails after an external call.
    """
    handle_together(to, [published(event) for event in events], until=math.inf)
    fail_on_trouble(to)


def redeliver(*events: Event, to: str) -> None:
    """Deliver copies of events that were already given, in this order."""
    for event in events:
        handle(to, [Incoming(OutboxEvent.objects.get(id=event.id).envelope, redelivered=True)])
    fail_on_trouble(to)


def resume(app: str) -> None:
    """Let an app that was off react to what waits for it, oldest first, in one batch."""
    waiting = Delivery.objects.filter(app=app, state=Delivery.State.WAITING)
    rows = OutboxEvent.objects.filter(deliveries__in=waiting).distinct().order_by("id")
    handle(app, [Incoming(row.envelope) for row in rows])
    fail_on_trouble(app)


def published(event: Event) -> Incoming:
    """Emit an event and make its deliveries; return its message."""
    with transaction.atomic():
        emit(event)
    row = OutboxEvent.objects.get(id=event.id)
    publish([row])
    return Incoming(row.envelope)


def publish(rows: list[OutboxEvent]) -> None:
    """Make the deliveries of these events, and mark them published."""
    if not rows:
        return
    ledger.create_deliveries(rows)
    OutboxEvent.objects.filter(id__in=[row.id for row in rows]).update(published_at=Now())


def fail_on_trouble(*apps: str) -> None:
    """Raise `AssertionError`, with its traceback, where a reaction of these apps has failed."""
    trouble = Delivery.objects.filter(
        app__in=apps, state__in=[Delivery.State.FAILED, Delivery.State.PARKED]
    ).first()
    assert trouble is None, f"{trouble.app}.{trouble.reaction} failed:\n{trouble.error}"
