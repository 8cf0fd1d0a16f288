"""The relay: publishes events from the outbox to the broker.

Claims rows by a lease, makes their deliveries, publishes, and marks only what
the broker took. Any number of relays may run. Also sends again, to the one
app's own queue, failed deliveries that are due and those that nobody answered in time.
"""

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Protocol

import structlog
from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now

from eventbus import registry
from eventbus.conf import conf
from eventbus.delivery import ledger, pause
from eventbus.delivery.crash_points import crash_point
from eventbus.delivery.models import Delivery, OutboxEvent
from eventbus.delivery.prepared import prepared
from eventbus.envelope import Envelope
from eventbus.signals import published

log = structlog.get_logger("eventbus.delivery.relay")
BATCH = 200
#: Longer than the broker's socket timeout; past it another relay may publish again.
LEASE = timedelta(seconds=15)
LONGEST_RESEND = timedelta(hours=1)
#: The app of deliveries that the relay itself is to make: events that a person has it publish.
RELAY = "relay"


class Publisher(Protocol):
    """Publishes messages; raises when the broker is away."""

    def to_exchange(self, envelopes: list[Envelope]) -> int:
        """Publish to every app; returns how many of them, from the first on, the broker took."""

    def to_app(self, app: str, envelopes: list[Envelope]) -> int:
        """Send to the queue of one app; returns as `to_exchange`."""

    def depth(self, app: str) -> int:
        """Return how many messages wait in an app's queue."""


def claim(limit: int = BATCH) -> list[OutboxEvent]:
    """Lease rows that are due, and make their deliveries; committed before anything is sent.

    Rows of types this code does not know are left to a relay that does.
    """
    crash_point("relay.claiming")
    parameters = {
        "known": ",".join(registry.event_types()),
        "limit": limit,
        "lease": LEASE,
        **ledger.delivery_parameters(),
    }
    with prepared(connection) as cursor:
        cursor.execute(_CLAIM, parameters)
        names = [column.name for column in cursor.description]
        rows = [_event(names, row) for row in cursor.fetchall()]
    crash_point("relay.claimed")
    return rows


def _event(names: list[str], row: Sequence[Any]) -> OutboxEvent:
    """Return the event of a row as the driver gives it, which leaves reading JSON to the field."""
    event = OutboxEvent.from_db(connection.alias, names, row)
    event.data = json.loads(event.data)
    return event


#: One statement: one transaction and one round trip. An event whose row is locked is another
#: relay's. Between the first id and the last one, so that only the months of these are looked at.
_CLAIM = f"""
    with event as (
        select id, type from eventbus_outboxevent
        where published_at is null and publish_after <= statement_timestamp()
            and (claimed_until is null or claimed_until < statement_timestamp())
            and type = any(string_to_array(%(known)s, ','))
        order by publish_after limit %(limit)s for update skip locked
    ), claimed as (
        update eventbus_outboxevent row set claimed_until = statement_timestamp() + %(lease)s
        where id = any(array(select id from event))
            and id >= (select id from event order by id limit 1)
            and id <= (select id from event order by id desc limit 1)
        returning row.*
    ), made as (
        {ledger.CREATE_DELIVERIES}
    )
    select * from claimed order by publish_after, id
"""


def _due() -> QuerySet[OutboxEvent]:
    return OutboxEvent.objects.filter(published_at=None, publish_after__lte=Now())


def warn_of_unknown() -> None:
    """Log the types of due events that wait for a relay with newer code."""
    unknown_events = _due().exclude(type__in=registry.event_types())
    if types := sorted(set(unknown_events.values_list("type", flat=True))):
        log.warning("events of unknown types wait for newer code", types=types)


def publish_due(publisher: Publisher) -> int:
    """Publish one batch of what is due, or as much of it as a slow broker takes in seconds.

    Returns how many rows. Raises when the broker is away.
    """
    rows = claim()
    if not rows:
        return 0
    try:
        count = publisher.to_exchange([row.envelope for row in rows])
    except Exception:
        _events(rows).update(claimed_until=None)
        raise
    crash_point("relay.published")
    rows, rest = rows[:count], rows[count:]
    _events(rows).update(published_at=Now(), claimed_until=None)
    crash_point("relay.marked")
    if rest:
        _events(rest).update(claimed_until=None)
    published.send_robust(sender=OutboxEvent, rows=rows)
    return len(rows)


def _events(rows: list[OutboxEvent]) -> QuerySet[OutboxEvent]:
    return OutboxEvent.objects.filter(id__in=[row.id for row in rows])


def resend_due(publisher: Publisher) -> int:
    """Send again what is due, app by app; returns how many events.

    A retry is sent when it is due, and so is what was held: an external call whose lease
    is over, a pause that has ended. Sent once, both are as unanswered as any other, which is
    sent again only while the app's queue is empty: an app that was off for days, or paused,
    finds each event once. What is paused is not sent.
    """
    pause.postpone()
    # An app that was removed has no queue to send to; its rows wait until somebody discards them.
    open_rows = Delivery.objects.filter(
        ~pause.of_paused(),
        app__in=[*registry.apps_with_reactions(), RELAY],
        state__in=Delivery.OPEN,
        resend_at__lte=Now(),
    )
    sent = 0
    for app in open_rows.values_list("app", flat=True).distinct().order_by("app"):
        due = open_rows.filter(app=app)
        if app == RELAY:
            _publish_anew(due)
            continue
        if publisher.depth(app):
            due = due.filter(Q(state=Delivery.State.FAILED) | Q(leased_until__lte=Now()))
        sent += _resend(publisher, app, due)
    return sent


def _publish_anew(due: QuerySet[Delivery]) -> None:
    """Have events published that were parked unpublished and are retried now."""
    with transaction.atomic():
        rows = list(due.order_by("id").select_for_update(skip_locked=True)[:BATCH])
        OutboxEvent.objects.filter(id__in=[row.event_id for row in rows]).update(published_at=None)
        Delivery.objects.filter(id__in=[row.pk for row in rows]).delete()


def _resend(publisher: Publisher, app: str, due: QuerySet[Delivery]) -> int:
    rows = _claim_resend(due)
    if not rows:
        return 0
    events = OutboxEvent.objects.filter(id__in={row.event_id for row in rows}).order_by("id")
    crash_point("relay.resending")
    try:
        count = publisher.to_app(app, [event.envelope for event in events])
    except Exception:
        _unclaim_resend(rows)
        raise
    crash_point("relay.resent")
    if rest := {event.id for event in events[count:]}:
        _unclaim_resend([row for row in rows if row.event_id in rest])
    log.info("sent again", app=app, events=count)
    return count


def _claim_resend(due: QuerySet[Delivery]) -> list[Delivery]:
    """Set the next time before sending: a relay that dies here delays, never loses.

    What failed or was held is merely unanswered from now on. What is returned has the state
    and the lease it had before.
    """
    with transaction.atomic():
        rows = list(due.order_by("resend_at").select_for_update(skip_locked=True)[:BATCH])
        for row in rows:
            row.sends += 1
            row.resend_at = Now() + resend_delay(row.sends)
        Delivery.objects.bulk_update(rows, ["sends", "resend_at"])
        Delivery.objects.filter(id__in=[row.id for row in rows]).update(
            state=Delivery.State.WAITING, leased_until=None
        )
    return rows


def _unclaim_resend(rows: list[Delivery]) -> None:
    """Undo `_claim_resend` for what the broker did not take: it stays due."""
    still_open = Delivery.objects.filter(leased_until=None, state=Delivery.State.WAITING)
    as_before = {"sends": F("sends") - 1, "resend_at": Now()}
    still_open.filter(id__in=[row.id for row in rows if row.leased_until]).update(
        leased_until=Now(), **as_before
    )
    for state in Delivery.OPEN:
        ids = [row.id for row in rows if row.state == state and not row.leased_until]
        still_open.filter(id__in=ids).update(state=state, **as_before)


def resend_delay(sends: int) -> timedelta:
    """Return the pause before the next resend: doubles with each one, up to an hour."""
    return min(conf.OVERDUE_AFTER * 2 ** min(sends, 20), LONGEST_RESEND)
