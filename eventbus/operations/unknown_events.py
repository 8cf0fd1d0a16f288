"""Events of types that this code does not know, in an outbox that nobody empties.

During a deploy they wait for the newer relay beside. Of a type that is gone for good they wait
for ever, until a person parks them, to be published when code that knows them is back, or
gives them up.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Min, QuerySet
from django.db.models.functions import Now

from eventbus import registry
from eventbus.delivery.fingerprint import fingerprint
from eventbus.delivery.models import Delivery, OperatorAction, OutboxEvent
from eventbus.delivery.relay import RELAY
from eventbus.exceptions import BusError
from eventbus.operations import failures

REASON = "no code here knows events of this type"


class KnownType(BusError):
    """A relay of this code publishes events of this type: there is nothing to decide."""


class NothingWaits(BusError):
    """No event of this type waits, and none is parked."""


@dataclass(frozen=True)
class UnknownType:
    """How many events of a type wait, since when the first is due, and how many are parked."""

    type: str
    waiting: int
    oldest: datetime | None
    parked: int


def unknown_types() -> list[UnknownType]:
    """Return the types that this code does not know and that need a decision."""
    rows = _waiting().values("type").annotate(count=Count("id"), oldest=Min("publish_after"))
    waiting = {row["type"]: (row["count"], row["oldest"]) for row in rows.order_by("type")}
    held = _parked().values_list("event__type").annotate(Count("id")).order_by("event__type")
    parked = dict(held)
    return [
        UnknownType(type, *waiting.get(type, (0, None)), parked.get(type, 0))
        for type in sorted({*waiting, *parked})
    ]


@transaction.atomic
def park(type: str, *, by: str, reason: str = "") -> int:
    """Take the waiting events of a type out of the relay's way, to be retried or discarded.

    They are deliveries of the relay's among what failed; who retries one has it published.
    Returns how many. Raises `KnownType` or `NothingWaits`.
    """
    count = _park(type)
    if not count:
        raise NothingWaits(f"no event of type {type} waits")
    _record(OperatorAction.Kind.PARKED, type, count, by, reason)
    return count


@transaction.atomic
def discard(type: str, *, by: str, reason: str) -> int:
    """Give up all events of a type that wait or are parked, and blank what they tell.

    Nobody can say any more what in them tells of people. Returns how many. Raises `KnownType`
    or `NothingWaits`.
    """
    _park(type)
    rows = _parked().filter(event__type=type)
    events = list(rows.values_list("event_id", flat=True))
    if not events:
        raise NothingWaits(f"no event of type {type} waits or is parked")
    failures.discard(rows, by=by, reason=reason)
    OutboxEvent.objects.filter(id__in=events).update(data={}, redacted_at=Now())
    _record(OperatorAction.Kind.DISCARDED, type, len(events), by, reason)
    return len(events)


def _park(type: str) -> int:
    if type in registry.event_types():
        raise KnownType(f"{type} is known here: a relay publishes its events")
    waiting = _waiting().filter(type=type).order_by("id").select_for_update()
    ids = list(waiting.values_list("id", flat=True))
    shared = {"error": REASON, "fingerprint": fingerprint(RELAY, "", f"{REASON}: {type}")}
    Delivery.objects.bulk_create(
        [
            Delivery(event_id=id, app=RELAY, state=Delivery.State.PARKED, closed_at=Now(), **shared)
            for id in ids
        ],
        batch_size=1000,
    )
    OutboxEvent.objects.filter(id__in=ids).update(published_at=Now(), claimed_until=None)
    return len(ids)


def _waiting() -> QuerySet[OutboxEvent]:
    return OutboxEvent.objects.filter(published_at=None).exclude(type__in=registry.event_types())


def _parked() -> QuerySet[Delivery]:
    return Delivery.objects.filter(app=RELAY, reaction="", state=Delivery.State.PARKED)


def _record(kind: OperatorAction.Kind, type: str, count: int, by: str, reason: str) -> None:
    text = f"{count} events of type {type}: {reason}".removesuffix(": ")
    OperatorAction.objects.create(kind=kind, app=RELAY, by=by, reason=text)
