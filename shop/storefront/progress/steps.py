"""Steps of an order's progress: done, under way, still to come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from shop.storefront.models import Tracking


@dataclass(frozen=True)
class Step:
    """One step as it is shown.

    `state` is one of `done`, `now`, `trouble` (the shopper must do something), `ahead`, `ended`.
    """

    key: str
    title: str
    text: str
    state: str
    at: datetime | None = None
    parcels: Sequence[Tracking] = ()
    #: when its text becomes another one although nothing happens
    next_change_at: datetime | None = None


@dataclass(frozen=True)
class Wait:
    """The text of a step that is under way, and another one once its answer is `late`."""

    text: str
    late: str = ""
    #: from when on an answer was to be expected
    since: datetime | None = None
    state: str = "now"

    def step(self, key: str, title: str, now: datetime, **shown: object) -> Step:
        """Return the step as it is shown now."""
        late_at = self.since + settings.ANSWER_LATE_AFTER if self.since and self.late else None
        if late_at and now >= late_at:
            return Step(key, title, self.late, self.state, **shown)  # type: ignore[arg-type]
        return Step(key, title, self.text, self.state, next_change_at=late_at, **shown)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Stage:
    """A step of an order that goes well, with its texts while and after it happens.

    Stages of one `rank` happen side by side; those of a higher one wait for
    them, and have they happened, so have these.
    """

    rank: int
    key: str
    title: str
    at: datetime | None
    wait: Wait
    done: str
    #: when it began, where that is what is shown
    began: datetime | None = None
    parcels: Sequence[Tracking] = ()


def in_order(stages: Sequence[Stage], now: datetime) -> list[Step]:
    """Return the steps of an order that goes well, as far as it has come."""
    reached = max((stage.rank for stage in stages if stage.at), default=0)
    open_ranks = [s.rank for s in stages if not s.at and s.rank >= reached]
    current = min(open_ranks, default=reached)
    return [_step(stage, reached, current, now) for stage in stages]


def _step(stage: Stage, reached: int, current: int, now: datetime) -> Step:
    at, parcels = stage.began or stage.at, stage.parcels
    if stage.at or stage.rank < reached:
        return Step(stage.key, stage.title, stage.done, "done", at, parcels)
    if stage.rank > current:
        return Step(stage.key, stage.title, "", "ahead", at, parcels)
    return stage.wait.step(stage.key, stage.title, now, at=at, parcels=parcels)
