"""Everything that happens until nothing is left to do, and what time brings."""

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from django.apps import apps
from django.db.models import Min, QuerySet
from django.db.models.functions import Greatest, Now

from eventbus import clock, registry
from eventbus.delivery import pause
from eventbus.delivery.models import Delivery, OutboxEvent
from eventbus.delivery.runner import Incoming, handle
from eventbus.testing.deliveries import fail_on_trouble, publish

#: When an event is due: one that was emitted within `later` not before that.
_DUE = Greatest("publish_after", "occurred_at")
#: When what is open is due again. By PostgreSQL's clock, which no test moves, but never before
#: its event was.
_DUE_AGAIN = Greatest("resend_at", "event__publish_after", "event__occurred_at")

_is_later = False


@contextmanager
def later(span: timedelta) -> Iterator[None]:
    """Let so much time have passed, within: `eventbus.now()` shows it.

    What was scheduled by then comes when `settle` is called, each in its turn and at its own
    time; so does the retry of what has failed. Moments that PostgreSQL writes by itself, and other
    clocks, stay: a test that needs `timezone.now` to move uses `time_machine` beside it.
    """
    global _is_later
    before, _is_later = _is_later, True
    try:
        with clock.showing(clock.now() + span):
            yield
    finally:
        _is_later = before


def settle(
    *, seed: int | None = None, copies: int = 1, scheduled: bool = False, but: Sequence[str] = ()
) -> None:
    """Publish and react, all apps, until nothing is open.

    An app takes all that waits for it in one batch. `seed` shuffles the order of
    arrival, one message at a time, `copies` delivers each message so often,
    `scheduled` takes all scheduled events for due, whenever that is, `but` names apps that are
    off. Within `later` all happens in the order of its time, and `eventbus.now()` shows that time
    as it does. In the end, history that is to be redacted is. Raises `AssertionError` when a
    reaction has failed.
    """
    order = random.Random(seed) if seed is not None else None
    reacted: set[str] = set()
    if _is_later:
        while moment := _next_moment(but):
            with clock.showing(moment):
                reacted |= _deliver_again(_open(moment, but))
                reacted |= _react(_unpublished(moment), order, copies, but)
    else:
        reacted = _react(_unpublished(None if scheduled else Now()), order, copies, but)
    fail_on_trouble(*reacted)
    _redact()


def _unpublished(until: datetime | Now | None) -> QuerySet[OutboxEvent]:
    rows = OutboxEvent.objects.filter(published_at=None)
    if until is None:
        return rows
    if isinstance(until, Now):
        return rows.filter(publish_after__lte=until)
    return rows.alias(due=_DUE).filter(due__lte=until)


def _open(until: datetime, but: Sequence[str]) -> QuerySet[Delivery]:
    """Return what the relay would send again: failed, unanswered, or resumed after a pause."""
    rows = Delivery.objects.filter(~pause.of_paused(), state__in=Delivery.OPEN)
    return rows.exclude(app__in=but).alias(due=_DUE_AGAIN).filter(due__lte=until)


def _next_moment(but: Sequence[str]) -> datetime | None:
    """Return when the next thing is due of all that is by now; None where nothing is."""
    now = clock.now()
    moments = (
        _unpublished(now).aggregate(at=Min(_DUE))["at"],
        _open(now, but).aggregate(at=Min(_DUE_AGAIN))["at"],
    )
    return min(filter(None, moments), default=None)


def _deliver_again(open_rows: QuerySet[Delivery]) -> set[str]:
    """Have what is due again run, as the relay does; returns whose it was."""
    due = list(open_rows.select_related("event").order_by("id"))
    Delivery.objects.filter(pk__in=[row.pk for row in due]).update(
        state=Delivery.State.WAITING, leased_until=None
    )
    for row in due:
        handle(row.app, [Incoming(row.event.envelope)])
    return {row.app for row in due}


def _react(
    due: QuerySet[OutboxEvent], order: random.Random | None, copies: int, but: Sequence[str]
) -> set[str]:
    """Publish what is due, and what comes of it, until nothing is; returns who reacted."""
    reacted: set[str] = set()
    pending: list[tuple[str, OutboxEvent]] = []
    while True:
        rows = list(due.order_by("publish_after", "id"))
        publish(rows)
        pending += [
            (app, row) for row in rows for app in _apps_wanting(row) if app not in but
        ] * copies
        if not pending:
            return reacted
        app, batch = _take_batch(pending, order)
        handle(app, [Incoming(row.envelope) for row in batch])
        reacted.add(app)


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


def _apps_wanting(row: OutboxEvent) -> list[str]:
    return sorted({reaction.app for reaction in registry.reactions_to(row.type)})


def _redact() -> None:
    """Run pending redactions, if the history app is installed."""
    if apps.is_installed("eventbus.history"):
        from eventbus.history.redaction_job import run_pending

        run_pending(until=datetime.max.replace(tzinfo=UTC))
