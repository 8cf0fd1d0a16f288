"""Failed and parked deliveries: grouped, retried or discarded by a person."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Max, Min, Q, QuerySet, TextField, Value
from django.db.models.functions import Concat, Now

from eventbus.delivery.fingerprint import DISCARDED, headline
from eventbus.delivery.models import Delivery, OperatorAction
from eventbus.operations.models import FailureNote

State = Delivery.State
FAILED_OR_PARKED = (State.FAILED, State.PARKED)
#: What is one group: app, reaction and fingerprint.
Key = tuple[str, str, str]
#: Of a delivery's id.
LARGEST_ID = 2**63 - 1

#: Why a delivery in this state is neither retried nor discarded.
REFUSALS: dict[str, str] = {
    State.WAITING: "it is on its way already",
    State.DONE: "it is done",
    State.DISCARDED: "it was discarded",
    State.MUTED: "it was muted: history that is not to run again",
}


@dataclass(frozen=True)
class FailureGroup:
    """How often one reaction failed in one way.

    `oldest` and `newest` are when the oldest and newest event came to it, `first` is the
    lowest id of the deliveries, whose error stands for all.
    """

    app: str
    reaction: str
    fingerprint: str
    error: str
    failed: int
    parked: int
    oldest: datetime
    newest: datetime
    first: int
    note: str = ""
    owner: str = ""

    @property
    def count(self) -> int:
        return self.failed + self.parked

    @property
    def key(self) -> Key:
        return self.app, self.reaction, self.fingerprint


@dataclass(frozen=True)
class Cause:
    """How many deliveries of one reaction are parked for one reason."""

    app: str
    reaction: str
    fingerprint: str
    parked: int

    @property
    def name(self) -> str:
        return f"{self.app}.{self.reaction or '?'}"


@dataclass(frozen=True)
class Outcome:
    """What became of one delivery: done as asked, or refused with a reason."""

    id: int
    about: str
    refusal: str


def failed_or_parked(
    app: str = "", reaction: str = "", state: str = "", fingerprint: str = ""
) -> QuerySet[Delivery]:
    """Return failed and parked deliveries, of an app, reaction, state or group if given."""
    wanted = {"app": app, "reaction": reaction, "state": state, "fingerprint": fingerprint}
    rows = Delivery.objects.filter(state__in=FAILED_OR_PARKED)
    return rows.filter(**{name: value for name, value in wanted.items() if value})


def groups(rows: QuerySet[Delivery]) -> list[FailureGroup]:
    """Group deliveries that fail alike, by app and reaction, the most frequent first."""
    alike = list(
        rows.order_by()
        .values("app", "reaction", "fingerprint")
        .annotate(
            failed=Count("id", filter=Q(state=State.FAILED)),
            parked=Count("id", filter=Q(state=State.PARKED)),
            oldest=Min("created_at"),
            newest=Max("created_at"),
            first=Min("id"),
        )
    )
    firsts = Delivery.objects.filter(id__in=[group["first"] for group in alike])
    errors = {id: headline(error) for id, error in firsts.values_list("id", "error")}
    notes = FailureNote.objects.in_bulk([group["fingerprint"] for group in alike])
    found = [_group(facts, errors, notes.get(facts["fingerprint"])) for facts in alike]
    return sorted(found, key=lambda group: (group.app, group.reaction, -group.count, group.error))


def causes_parked() -> list[Cause]:
    """Return why deliveries are parked, by app, the first cause first."""
    alike = failed_or_parked(state=State.PARKED).order_by().values("app", "reaction", "fingerprint")
    counted = alike.annotate(parked=Count("id"), first=Min("id")).order_by("app", "first")
    return [
        Cause(each["app"], each["reaction"], each["fingerprint"], each["parked"])
        for each in counted
    ]


def _group(
    facts: Mapping[str, Any], errors: dict[int, str], note: FailureNote | None
) -> FailureGroup:
    # One that was closed since has no error any more.
    group = FailureGroup(**facts, error=errors.get(facts["first"], ""))
    return replace(group, note=note.note, owner=note.owner) if note else group


def details(rows: QuerySet[Delivery]) -> list[dict[str, Any]]:
    """Return each delivery with its event and its whole traceback, as plain values."""
    return list(
        rows.order_by("app", "reaction", "id").values(
            *("id", "app", "reaction", "state", "attempts", "resend_at", "event_id", "fingerprint"),
            event_type=F("event__type"),
            subject=F("event__subject"),
            occurred_at=F("event__occurred_at"),
            traceback=F("error"),
        )
    )


def under_way() -> Q:
    """Return a filter for what a person retried and no worker has tried since."""
    # Only a retry by a person leaves a failed delivery without an attempt.
    return Q(state=State.FAILED, attempts=0)


def retry(rows: QuerySet[Delivery], *, by: str, reason: str = "") -> list[Outcome]:
    """Begin anew with these deliveries: the relay sends each to its app's own queue.

    They are due retries, which are sent at once, whatever the queue holds. Of several who
    ask at once the first has done it; the others are refused with a reason.
    """
    return _change(
        rows,
        OperatorAction.Kind.RETRIED,
        by,
        reason,
        state=State.FAILED,
        attempts=0,
        sends=0,
        resend_at=Now(),
        closed_at=None,
        waiting_since=Now(),
    )


def discard(rows: QuerySet[Delivery], *, by: str, reason: str) -> list[Outcome]:
    """Give these deliveries up for good; the reason stands above the error."""
    error = Concat(Value(f"{DISCARDED}{reason}\n"), "error", output_field=TextField())
    return _change(
        rows,
        OperatorAction.Kind.DISCARDED,
        by,
        reason,
        state=State.DISCARDED,
        error=error,
        resend_at=None,
        closed_at=Now(),
    )


@transaction.atomic
def _change(
    rows: QuerySet[Delivery], kind: OperatorAction.Kind, by: str, reason: str, **changes: Any
) -> list[Outcome]:
    """Change those that are in trouble once their rows are locked; refuse the others."""
    locked = list(
        (rows.order_by("id").select_related("event").defer("error", "event__data"))
        .select_for_update(of=("self",))
        .all()
    )
    refusals = {row.pk: _refusal(row, kind) for row in locked}
    changed = [row for row in locked if not refusals[row.pk]]
    Delivery.objects.filter(id__in=[row.pk for row in changed]).update(**changes)
    record(kind, changed, by, reason)
    return [Outcome(row.pk, _about(row), refusals[row.pk]) for row in locked]


def _refusal(row: Delivery, kind: OperatorAction.Kind) -> str:
    if kind == OperatorAction.Kind.RETRIED and row.state == State.FAILED and not row.attempts:
        return "it is being retried already"
    return REFUSALS.get(row.state, "")


def _about(row: Delivery) -> str:
    return f"{row.app}.{row.reaction or '?'} of {row.event}"


def record(kind: OperatorAction.Kind, rows: list[Delivery], by: str, reason: str) -> None:
    """Record what an operator did to each of these deliveries."""
    OperatorAction.objects.bulk_create(
        [
            OperatorAction(
                kind=kind,
                app=row.app,
                reaction=row.reaction,
                delivery_id=row.pk,
                by=by,
                reason=reason,
            )
            for row in rows
        ],
        batch_size=1000,
    )


def not_found(ids: Iterable[int], outcomes: Iterable[Outcome]) -> list[Outcome]:
    """Return a refusal for each id that is no delivery's."""
    missing = sorted(set(ids).difference(outcome.id for outcome in outcomes))
    return [Outcome(id, "delivery", "there is none with this id") for id in missing]
