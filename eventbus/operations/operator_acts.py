"""What operators did: one line for each act, however many deliveries it was about."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from django.db.models import QuerySet

from eventbus.delivery.models import OperatorAction

#: Recorded actions that are looked through for acts.
LOOKED_THROUGH = 2000
#: What is retried in several steps is one act.
ONE_ACT = timedelta(minutes=1)


@dataclass(frozen=True)
class Act:
    """Who did what to how many, when and why; `delivery_id` is that of the only one, if it is."""

    kind: str
    app: str
    reaction: str
    by: str
    reason: str
    at: datetime
    count: int
    delivery_id: int | None

    @property
    def about(self) -> str:
        """Return what it was done to: `billing`, or `billing.capture`."""
        return f"{self.app}.{self.reaction}" if self.reaction else self.app


def acts(actions: QuerySet[OperatorAction], most: int) -> list[Act]:
    """Return the last acts of these actions, the newest first."""
    newest = actions.order_by("-at", "-id")[:LOOKED_THROUGH]
    found: list[Act] = []
    for _, alike in groupby(newest, _sort):
        found += _split(list(alike))
    return found[:most]


def _sort(action: OperatorAction) -> tuple[str, ...]:
    return (action.kind, action.app, action.reaction, action.by, action.reason)


def _split(alike: list[OperatorAction]) -> Iterable[Act]:
    """Yield an act for each group of actions that follow each other at once."""
    begun = 0
    for number in range(1, len(alike) + 1):
        is_last = number == len(alike)
        if is_last or alike[number - 1].at - alike[number].at > ONE_ACT:
            yield _act(alike[begun:number])
            begun = number


def _act(actions: list[OperatorAction]) -> Act:
    first, is_only = actions[0], len(actions) == 1
    return Act(
        kind=first.kind,
        app=first.app,
        reaction=first.reaction,
        by=first.by,
        reason=first.reason,
        at=first.at,
        count=len(actions),
        delivery_id=first.delivery_id if is_only else None,
    )
