"""Retrying and discarding deliveries: any number of them, some at a time."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Max, QuerySet

from eventbus.delivery.models import Delivery
from eventbus.operations import failures
from eventbus.operations.failures import Outcome

#: Deliveries changed in one request: whoever waits sees how far it is.
BATCH_SIZE = 200


@dataclass(frozen=True)
class Batch:
    """What became of some deliveries, and how far that is. `after` is the last one's id."""

    outcomes: list[Outcome]
    changed: int
    refused: int
    total: int
    after: int
    until: int
    is_last: bool

    @property
    def looked_at(self) -> int:
        return self.changed + self.refused


def run_batch(asked: dict[str, Any], *, by: str) -> Batch:
    """Change the next deliveries of those that were chosen, `asked` as in `ChangeForm`.

    What fails after the first step belongs to none: the last id is taken then.
    """
    rows = _chosen(asked)
    after, until = asked["after"] or 0, asked["until"] or _last(rows)
    left = rows.filter(id__gt=after, id__lte=until).order_by("id")
    total = asked["total"] or left.count()
    ids = list(left.values_list("id", flat=True)[: BATCH_SIZE + 1])
    outcomes = _change(ids[:BATCH_SIZE], asked, by)
    if asked["scope"] == "selected" and not after:
        outcomes += _unknown(asked["ids"])
    refused = sum(bool(outcome.refusal) for outcome in outcomes)
    return Batch(
        outcomes,
        changed=(asked["changed"] or 0) + len(outcomes) - refused,
        refused=(asked["refused"] or 0) + refused,
        total=total,
        after=max(ids[:BATCH_SIZE], default=until),
        until=until,
        is_last=len(ids) <= BATCH_SIZE,
    )


def _chosen(asked: dict[str, Any]) -> QuerySet[Delivery]:
    if asked["scope"] == "selected":
        return Delivery.objects.filter(id__in=asked["ids"])
    group = asked["fingerprint"] if asked["scope"] == "group" else ""
    rows = failures.failed_or_parked(fingerprint=group)
    return rows if asked["limit"] in ("", "all") else _oldest(rows, int(asked["limit"]))


def _oldest(rows: QuerySet[Delivery], most: int) -> QuerySet[Delivery]:
    """Return the oldest of them that nobody is retrying already."""
    oldest = rows.exclude(failures.under_way()).order_by("id").values_list("id", flat=True)
    return Delivery.objects.filter(id__in=list(oldest[:most]))


def _last(rows: QuerySet[Delivery]) -> int:
    return rows.aggregate(last=Max("id"))["last"] or 0


def _change(ids: list[int], asked: dict[str, Any], by: str) -> list[Outcome]:
    rows = Delivery.objects.filter(id__in=ids)
    if asked["what"] == "discard":
        return failures.discard(rows, by=by, reason=asked["reason"])
    return failures.retry(rows, by=by, reason=asked["reason"])


def _unknown(ids: list[int]) -> list[Outcome]:
    known = Delivery.objects.filter(id__in=ids).values_list("id", flat=True)
    return failures.not_found(set(ids).difference(known), [])
