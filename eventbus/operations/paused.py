"""What waits behind each pause."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min

from eventbus.delivery.models import Delivery, Pause
from eventbus.delivery.pause import of_paused


@dataclass(frozen=True)
class PausedWork:
    """A pause, and how much waits behind it; `oldest` is since when."""

    pause: Pause
    waiting: int
    oldest: datetime | None


def behind_pauses() -> list[PausedWork]:
    """Return all pauses, the oldest first, with what waits behind each."""
    pauses = list(Pause.objects.order_by("since"))
    rows = Delivery.objects.filter(of_paused(pauses), state__in=Delivery.OPEN).order_by()
    waiting = rows.values("app", "reaction").annotate(
        count=Count("id"), oldest=Min("waiting_since")
    )
    found = list(waiting)
    return [_behind(pause, found) for pause in pauses]


def _behind(pause: Pause, waiting: Iterable[Mapping[str, Any]]) -> PausedWork:
    mine = [
        each
        for each in waiting
        if each["app"] == pause.app and pause.reaction in ("", each["reaction"])
    ]
    oldest = min((each["oldest"] for each in mine), default=None)
    return PausedWork(pause, sum(each["count"] for each in mine), oldest)
