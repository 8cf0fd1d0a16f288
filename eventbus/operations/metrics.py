"""How much waits, how old it is, and how fast work is done: for people and for machines.

Cheap with millions of rows: what is open is counted by indexes that hold only what is open,
what was done by the minutes that `eventbus.operations.throughput` has counted.
"""

from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.db import connection
from django.db.models import Count, Max, Min, Q, Sum
from django.db.models.functions import Now

from eventbus import clock, registry
from eventbus.delivery import pause
from eventbus.delivery.models import Delivery, OutboxEvent
from eventbus.messaging import broker
from eventbus.operations.models import ThroughputMinute
from eventbus.operations.throughput import BUCKETS, SETTLED_AFTER, SUMMED_HISTOGRAM

State = Delivery.State
#: What counts as now, in rates.
RECENT = timedelta(minutes=5)
#: A step so long that all of the time that is looked at is in it.
_ONE_STEP = timedelta(days=10_000)
#: The shares of all that took less time than a percentile says.
PERCENTILES = {"p50": 0.5, "p95": 0.95, "p99": 0.99}

_SERIES = f"""
    select app, date_bin(make_interval(secs => %s), minute, 'epoch'), sum(done), sum(attempts),
        {SUMMED_HISTOGRAM}
    from eventbus_operations_throughputminute where event_type = '' and minute >= %s and minute < %s
    group by 1, 2 order by 1, 2
"""
_WAITS = f"""
    select app, {SUMMED_HISTOGRAM} from eventbus_operations_throughputminute
    where event_type = '' and minute >= %s group by 1 order by 1
"""
#: Where `throughput` has counted what cannot change any more, its counts; else the events.
_STATED = """
    with settled as (
        select coalesce(max(minute) - make_interval(secs => %(settled)s), '-infinity') as until
        from eventbus_operations_throughputminute where app = ''
    ), unpublished as (
        select type, count(*) as number from eventbus_outboxevent
        where published_at is null and occurred_at >= %(since)s group by type
    )
    select type, sum(emitted)::bigint, coalesce(max(number), 0) from (
        select event_type as type, done as emitted
        from eventbus_operations_throughputminute, settled
        where app = '' and minute >= %(since)s and minute < until
        union all
        select known.type, counted.emitted
        from settled cross join unnest(%(types)s::text[]) as known (type)
        cross join lateral (
            select count(*) as emitted from eventbus_outboxevent e
            where e.type = known.type and e.occurred_at >= greatest(until, %(since)s)
        ) counted
    ) found left join unpublished using (type) where emitted > 0 group by type
"""


@dataclass(frozen=True)
class Backlog:
    """What is open or parked in one app. Ages are since `oldest`."""

    app: str
    waiting: int
    failed: int
    parked: int
    oldest: datetime | None
    #: names of its paused reactions; an empty one: the whole app
    paused: frozenset[str]


@dataclass(frozen=True)
class Outbox:
    """Events that are due and not published yet."""

    backlog: int
    oldest: datetime | None


@dataclass(frozen=True)
class Point:
    """What one app did in one step of time. Percentiles of the critical time, in milliseconds."""

    app: str
    at: datetime
    done: int
    #: attempts that failed before what is done was done
    failures: int
    #: see `ThroughputMinute.latency_histogram`
    histogram: Sequence[int]

    @cached_property
    def p50(self) -> float | None:
        return self.percentile(PERCENTILES["p50"])

    @cached_property
    def p95(self) -> float | None:
        return self.percentile(PERCENTILES["p95"])

    @cached_property
    def p99(self) -> float | None:
        return self.percentile(PERCENTILES["p99"])

    def percentile(self, share: float) -> float | None:
        """Return how long that share of what was done took at most, in milliseconds."""
        return _percentile(self.histogram, share)


@dataclass(frozen=True)
class Rate:
    """How much of one type of event one reaction did."""

    event_type: str
    app: str
    reaction: str
    done: int
    failures: int
    last: datetime


def depths() -> dict[str, int]:
    """Return the messages in each app's queue. Raises one of `broker.errors()`."""
    with closing(broker.Publisher()) as publisher:
        return {app: publisher.depth(app) for app in registry.apps_with_reactions()}


def backlogs() -> list[Backlog]:
    """Return what is open or parked, for every app that reacts or has some left."""
    rows = Delivery.objects.order_by()
    open_rows = {
        app: (count, oldest)
        for app, count, oldest in rows.filter(state__in=Delivery.OPEN)
        .values_list("app")
        .annotate(Count("id"), Min("waiting_since"))
    }
    troubled = {
        (app, state): count
        for app, state, count in rows.filter(state__in=(State.FAILED, State.PARKED))
        .values_list("app", "state")
        .annotate(Count("id"))
    }
    paused = pause.everything_paused()
    found = []
    for app in sorted({*registry.apps_with_reactions(), *open_rows, *(of for of, _ in troubled)}):
        is_open, oldest = open_rows.get(app, (0, None))
        failed, parked = (troubled.get((app, s), 0) for s in (State.FAILED, State.PARKED))
        of_app = frozenset(reaction for of, reaction in paused if of == app)
        found.append(Backlog(app, is_open - failed, failed, parked, oldest, of_app))
    return found


def outbox() -> Outbox:
    """Return how far the relays are behind, without events they do not know."""
    due = OutboxEvent.objects.filter(
        published_at=None, publish_after__lte=Now(), type__in=registry.event_types()
    )
    return Outbox(**due.aggregate(backlog=Count("id"), oldest=Min("publish_after")))


def series(
    since: datetime, step: timedelta = timedelta(minutes=1), until: datetime | None = None
) -> list[Point]:
    """Return what each app did, step by step; steps without any are left out.

    What is older than a day is known by the hour only.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SERIES, [step.total_seconds(), since, until or "infinity"])
        return [
            Point(app, at, done, attempts - done, histogram)
            for app, at, done, attempts, histogram in cursor.fetchall()
        ]


def rates(since: datetime) -> list[Rate]:
    """Return how much each reaction did of each type of event, and when last.

    What is older than two hours is known by the hour only.
    """
    rows = (
        ThroughputMinute.objects.filter(minute__gte=since)
        .exclude(Q(event_type="") | Q(app=""))
        .values_list("event_type", "app", "reaction")
        .annotate(Sum("done"), Sum("attempts"), Max("minute"))
        .order_by("event_type", "app", "reaction")
    )
    return [
        Rate(type, app, reaction, done, attempts - done, last)
        for type, app, reaction, done, attempts, last in rows
    ]


@dataclass(frozen=True)
class EmittedEvents:
    """How many events of a type were emitted, and how many of them are unpublished."""

    events: int
    unpublished: int


def emitted(since: datetime) -> dict[str, EmittedEvents]:
    """Count the events of each type, and the unpublished ones, as of one moment.

    What is older than some minutes is known by the minute only, than two hours by the hour.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _STATED,
            {
                "types": registry.event_types(),
                "since": since,
                "settled": SETTLED_AFTER.total_seconds(),
            },
        )
        return {type: EmittedEvents(*counts) for type, *counts in cursor.fetchall()}


def latency_histogram(since: datetime) -> dict[str, list[int]]:
    """Return each app's histogram of latencies, see `ThroughputMinute.latency_histogram`."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITS, [since])
        return dict(cursor.fetchall())


def reactions_done() -> int:
    """Count all reactions that ever took effect, up to some seconds ago."""
    return ThroughputMinute.objects.filter(event_type="").aggregate(done=Sum("done"))["done"] or 0


def recent() -> dict[str, Point]:
    """Return what each app did in the last minutes, in one step; idle apps left out."""
    return {point.app: point for point in series(clock.now() - RECENT, _ONE_STEP)}


def percentiles(histogram: Sequence[int]) -> dict[str, float | None]:
    """Return p50, p95 and p99 of a histogram of latencies; within a bucket evenly spread.

    What took longer than the highest bound counts as having taken as long.
    """
    return {name: _percentile(histogram, share) for name, share in PERCENTILES.items()}


def _percentile(histogram: Sequence[int], share: float) -> float | None:
    left = sum(histogram) * share
    if not left:
        return None
    for count, low, high in _buckets(histogram):
        if left <= count:
            return low + (high - low) * left / count
        left -= count
    return float(BUCKETS[-1])


def _buckets(histogram: Sequence[int]) -> Iterable[tuple[int, int, int]]:
    return zip(histogram, (0, *BUCKETS), (*BUCKETS, BUCKETS[-1]), strict=True)
