"""Deliveries in trouble: failed or parked ones, tried again or given up by a person."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet, TextField, Value
from django.db.models.functions import Concat, Now

from shop.bus.models import Delivery

State = Delivery.State
TROUBLED = (State.FAILED, State.PARKED)

#: Begins the error text of a discarded delivery; the reason follows.
DISCARDED = "discarded: "

#: Why a delivery in this state is neither retried nor discarded.
REFUSALS: dict[str, str] = {
    State.WAITING: "it is on its way already",
    State.DONE: "it is done",
    State.DISCARDED: "it was discarded",
}


@dataclass(frozen=True)
class Group:
    """How often one reaction failed in one way.

    `oldest` is when the oldest event was stated, `first` the lowest id of the deliveries.
    """

    app: str
    reaction: str
    error: str
    failed: int
    parked: int
    oldest: datetime
    first: int

    @property
    def count(self) -> int:
        return self.failed + self.parked


@dataclass(frozen=True)
class Outcome:
    """What became of one delivery: done as asked, or refused with a reason."""

    id: int
    about: str
    refusal: str


def troubled(app: str = "", reaction: str = "", state: str = "") -> QuerySet[Delivery]:
    """The failed and parked deliveries, of one app, reaction or state where given."""
    wanted = {"app": app, "reaction": reaction, "state": state}
    rows = Delivery.objects.filter(state__in=TROUBLED)
    return rows.filter(**{name: value for name, value in wanted.items() if value})


def groups(rows: QuerySet[Delivery]) -> list[Group]:
    """The deliveries by app, reaction and error, in that order the most frequent error first."""
    alike: dict[tuple[str, str, str], list[Any]] = defaultdict(list)
    columns = ("app", "reaction", "error", "state", "event__stated_at", "id")
    for app, reaction, error, *facts in rows.values_list(*columns).iterator():
        alike[app, reaction, headline(error)].append(facts)
    found = [_group(*key, *zip(*facts, strict=True)) for key, facts in alike.items()]
    return sorted(found, key=lambda group: (group.app, group.reaction, -group.count, group.error))


def headline(error: str) -> str:
    """The line of a traceback that names the error, which is not always its last.

    A database's error goes on with details; of a discarded delivery it is the reason.
    """
    _, frame, text = error.rpartition('\n  File "')
    if not frame or error.startswith(DISCARDED):
        return error.partition("\n")[0]
    return next((line for line in text.splitlines()[1:] if line[:1].strip()), "")


def details(rows: QuerySet[Delivery]) -> list[dict[str, Any]]:
    """Each delivery with its event and its whole traceback, as plain values."""
    return list(
        rows.order_by("app", "reaction", "id").values(
            *("id", "app", "reaction", "state", "attempts", "resend_at", "event_id"),
            event_type=F("event__type"),
            subject=F("event__subject"),
            stated_at=F("event__stated_at"),
            traceback=F("error"),
        )
    )


def retry(rows: QuerySet[Delivery]) -> list[Outcome]:
    """Begin anew with these deliveries: the relay sends each to its app's own queue.

    They are due retries, which are sent at once, whatever the queue holds.
    """
    return _change(rows, state=State.FAILED, attempts=0, sends=0, resend_at=Now(), closed_at=None)


def discard(rows: QuerySet[Delivery], reason: str) -> list[Outcome]:
    """Give these deliveries up for good; the reason stands above the error."""
    error = Concat(Value(f"{DISCARDED}{reason}\n"), "error", output_field=TextField())
    return _change(rows, state=State.DISCARDED, error=error, resend_at=None, closed_at=Now())


def _change(rows: QuerySet[Delivery], **changes: Any) -> list[Outcome]:
    """Change those that are in trouble once their rows are locked; refuse the others."""
    with transaction.atomic():
        locked = (
            rows.order_by("id").select_related("event").defer("error", "event__data")
        ).select_for_update(of=("self",))
        outcomes = [_outcome(row) for row in locked]
        changed = [outcome.id for outcome in outcomes if not outcome.refusal]
        Delivery.objects.filter(id__in=changed).update(**changes)
    return outcomes


def _outcome(row: Delivery) -> Outcome:
    about = f"{row.app}.{row.reaction or '?'} of {row.event}"
    return Outcome(row.pk, about, REFUSALS.get(row.state, ""))


def unknown(ids: Iterable[int], outcomes: Iterable[Outcome]) -> list[Outcome]:
    """A refusal for each id that is no delivery's."""
    missing = sorted(set(ids).difference(outcome.id for outcome in outcomes))
    return [Outcome(id, "delivery", "there is none with this id") for id in missing]


def _group(
    app: str,
    reaction: str,
    error: str,
    states: Sequence[str],
    times: Sequence[datetime],
    ids: Sequence[int],
) -> Group:
    failed, parked = states.count(State.FAILED), states.count(State.PARKED)
    return Group(app, reaction, error, failed, parked, oldest=min(times), first=min(ids))
