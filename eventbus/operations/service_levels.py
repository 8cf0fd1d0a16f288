"""Each app's latency budget: how soon it is to react, how often it may be later, what is left.

A level says for example: 99 % within 5 s. Of what was done in a span of time, 1 % may then have
taken longer: that is the error budget of the span, and each late reaction takes from it.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models.functions import Now

from eventbus import clock, registry
from eventbus.conf import conf
from eventbus.delivery.models import OperatorAction
from eventbus.exceptions import BusError
from eventbus.operations.models import ServiceLevel
from eventbus.operations.throughput import BUCKETS

DAY, WEEK = timedelta(days=1), timedelta(days=7)
#: What a level may be: reactions are measured by buckets that end with the longest.
SHORTEST, LONGEST = timedelta(milliseconds=1), timedelta(milliseconds=BUCKETS[-1])
LEAST_SHARE, LARGEST_SHARE = 0.01, 0.99999

_EDGES = zip((0, *BUCKETS), (*BUCKETS, BUCKETS[-1] + 1), strict=True)
#: How many of a row took longer than `limit_ms`: in the bucket that it cuts, evenly spread.
_LATE = " + ".join(
    f"latency_histogram[{n}] * least(greatest(({high} - limit_ms) / {high - low}, 0), 1)"
    for n, (low, high) in enumerate(_EDGES, start=1)
)
#: Of each app and span: done, late, and when the last of what the span allows was used up. Only
#: where more was late than may be is that moment looked for.
_COUNTED = f"""
    with counted as materialized (
        select app, may, minute, done, {_LATE} as late
        from unnest(%(apps)s::text[], %(limits)s::float[], %(may)s::float[])
            as level (app, limit_ms, may)
        join eventbus_operations_throughputminute using (app)
        where event_type = '' and minute >= %(week)s
    ), total as (
        select app, span, since, sum(done) as done, sum(late) as late, sum(done) * may as allowed
        from counted join (values ('day', %(day)s), ('week', %(week)s)) as span (span, since)
            on minute >= since
        group by app, span, since, may
    ), spent as (
        select app, span, min(minute) filter (where so_far >= allowed) as at from (
            select app, span, minute, allowed,
                sum(counted.late) over (partition by app, span order by minute) as so_far
            from total join counted using (app)
            where total.late >= allowed and minute >= since
        ) row group by app, span
    )
    select app, span, done::bigint, late, at from total left join spent using (app, span)
"""


class CannotSetLevel(BusError):
    """No app of that name reacts to anything, or the level is out of bounds: it says which."""


@dataclass(frozen=True)
class Budget:
    """What an app did of its level in a span of time up to now."""

    level: ServiceLevel
    span: timedelta
    done: int = 0
    #: how many of them took longer than the level says; part of a bucket counts in part
    late: float = 0.0
    #: when the last of what the span allows was used up, if it is
    spent_at: datetime | None = None

    @property
    def left(self) -> float | None:
        """Return the share of the budget that is left, below 0 once it is overdrawn.

        None where nothing was done: there is no budget to spend then.
        """
        return 1 - self.late / (self.done * self.level.may_be_late) if self.done else None

    @property
    def within(self) -> float | None:
        """Return the share that was done in time."""
        return 1 - self.late / self.done if self.done else None

    @property
    def is_spent(self) -> bool:
        """Return whether more was late than may be."""
        return self.spent_at is not None

    @property
    def words(self) -> str:
        """Return what is left in words: `72 % of the day's budget left`."""
        if self.left is None:
            return f"nothing done in the last {self._span}"
        if self.spent_at:
            return f"the {self._span}'s budget was {_spent(self.spent_at)}"
        return f"{_percent(self.left)} of the {self._span}'s budget left"

    @property
    def short(self) -> str:
        """Return the same where its span is known: `72 % left`, `spent at 14:05`."""
        if self.left is None:
            return "nothing done"
        return _spent(self.spent_at) if self.spent_at else f"{_percent(self.left)} left"

    @property
    def _span(self) -> str:
        return "week" if self.span == WEEK else "day"


def service_levels() -> dict[str, ServiceLevel]:
    """Return each app's level: what was set for it, or what the settings say."""
    levels = {app: default_level(app) for app in registry.apps_with_reactions()}
    return levels | {row.app: row for row in ServiceLevel.objects.all()}


def default_level(app: str) -> ServiceLevel:
    """Return the level of an app that nobody has set one for."""
    share = conf.LATENCY_BUDGET_PERCENT / 100
    return ServiceLevel(app=app, latency=conf.LATENCY_BUDGET, share=share)


def budgets(levels: dict[str, ServiceLevel] | None = None) -> dict[str, tuple[Budget, Budget]]:
    """Return what is left of every app's budget of the last day, and of the last week."""
    levels = service_levels() if levels is None else levels
    counted = _counted(levels)
    return {
        app: (
            Budget(level, DAY, *counted.get((app, "day"), ())),
            Budget(level, WEEK, *counted.get((app, "week"), ())),
        )
        for app, level in levels.items()
    }


def _counted(
    levels: dict[str, ServiceLevel],
) -> dict[tuple[str, str], tuple[int, float, datetime | None]]:
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(
            _COUNTED,
            {
                "apps": list(levels),
                "limits": [level.latency_ms for level in levels.values()],
                "may": [level.may_be_late for level in levels.values()],
                "day": now - DAY,
                "week": now - WEEK,
            },
        )
        return {(app, span): tuple(found) for app, span, *found in cursor.fetchall()}


def _spent(at: datetime) -> str:
    moment = clock.local(at)
    is_today = moment.date() == clock.local(clock.now()).date()
    return f"spent at {moment:%H:%M}" if is_today else f"spent on {moment:%d %b} at {moment:%H:%M}"


def _percent(left: float) -> str:
    return f"{math.floor(100 * left)} %" if left >= 0.01 else "less than 1 %"


@transaction.atomic
def set_level(app: str, *, latency: timedelta, share: float, by: str, reason: str) -> ServiceLevel:
    """Have `app` react within `latency` to a `share` of all events. Raises `CannotSetLevel`."""
    _refuse(app, latency, share)
    level, _ = ServiceLevel.objects.update_or_create(
        app=app,
        defaults={"latency": latency, "share": share, "by": by, "reason": reason, "since": Now()},
    )
    OperatorAction.objects.create(
        kind=OperatorAction.Kind.BUDGETED, app=app, by=by, reason=f"{level.promise}: {reason}"
    )
    return level


def _refuse(app: str, latency: timedelta, share: float) -> None:
    if app not in registry.apps_with_reactions():
        raise CannotSetLevel(f"no app {app} reacts to anything: see manage.py events")
    if not SHORTEST <= latency <= LONGEST:
        raise CannotSetLevel("the latency must be from a millisecond to an hour")
    if not LEAST_SHARE <= share <= LARGEST_SHARE:
        raise CannotSetLevel("the share must be from 1 % to 99.999 %")
