"""Throughput by the minute, counted once, so that millions of rows are not counted again.

A relay does it. The minutes that may still change are counted anew each time: a delivery is
closed a little before its transaction is committed. In time the minutes of an hour become one
row, at its beginning: there are few apps, but many pairs of reaction and event.
"""

from datetime import UTC, datetime, timedelta

from django.db import connection, transaction
from django.db.models import Max, QuerySet

from eventbus import clock, registry
from eventbus.delivery.advisory_lock import try_advisory_lock
from eventbus.delivery.models import Delivery
from eventbus.operations.models import ThroughputMinute

#: Seconds between counts of what was done, and between merges of counts that are old.
COUNT_EVERY, MERGE_EVERY = 10.0, 600.0
#: Milliseconds from emitted to done: upper bounds of the buckets of
#: `ThroughputMinute.latency_histogram`, whose last number is of those that took longer.
BUCKETS = (
    *(10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000),
    *(30_000, 60_000, 300_000, 3_600_000),
)
#: Longer than a task may run: so late may a minute still gain something.
SETTLED_AFTER = timedelta(minutes=2)
#: Deliveries counted at one go, where there is much to catch up with.
AT_ONCE = 50_000
#: How long minutes are kept: of whole apps, and by reaction and type of event.
APPS_KEPT, PAIRS_KEPT = timedelta(days=1), timedelta(hours=2)
#: Relays take turns: any number, as long as it is the same for all.
LOCK = 4_208_173

_EDGES = list(zip((0, *BUCKETS), (*BUCKETS, "infinity"), strict=True))
#: An event of the past that is fed to a new reaction begins to wait then.
_BEGAN = """case when d.created_at > e.published_at + interval '1 minute'
            then d.created_at else e.publish_after end"""
_COUNT = f"""
    insert into eventbus_operations_throughputminute (minute, app, reaction, event_type,
        done, attempts, latency_histogram)
    select minute, app, coalesce(reaction, ''), coalesce(type, ''), count(*), sum(attempts), array[{
    ", ".join(
        f"count(*) filter (where ms >= {low} and ms < '{high}'::float)" for low, high in _EDGES
    )
}]
    from (
        select date_trunc('minute', d.closed_at) as minute, d.app, d.reaction, e.type,
            greatest(d.attempts, 1) as attempts,
            greatest(extract(epoch from d.closed_at - {_BEGAN}) * 1000, 0) as ms
        from eventbus_delivery d join eventbus_outboxevent e on e.id = d.event_id
        where d.state = 'done' and d.closed_at >= %s and d.closed_at < %s
    ) done group by grouping sets ((minute, app), (minute, app, reaction, type))
    on conflict (minute, app, reaction, event_type) do update
    set done = excluded.done, attempts = excluded.attempts,
        latency_histogram = excluded.latency_histogram
"""
#: An index has the events by type and time; none has them by time alone.
_COUNT_STATED = f"""
    insert into eventbus_operations_throughputminute (minute, app, reaction, event_type,
        done, attempts, latency_histogram)
    select date_trunc('minute', occurred_at), '', '', known.type, count(*), count(*),
        array_fill(0, array[{len(_EDGES)}])
    from unnest(%s::text[]) as known (type)
    cross join lateral (
        select occurred_at from eventbus_outboxevent e
        where e.type = known.type and e.occurred_at >= %s
    ) emitted group by 1, known.type
    on conflict (minute, app, reaction, event_type) do update
    set done = excluded.done, attempts = excluded.attempts
"""
#: Of rows of `eventbus_operations_throughputminute`, their `latency_histogram` added up.
SUMMED_HISTOGRAM = (
    f"array[{', '.join(f'sum(latency_histogram[{n}])' for n in range(1, len(_EDGES) + 1))}]"
)
_MERGE = f"""
    with old as (
        delete from eventbus_operations_throughputminute
        where minute < %(before)s and (event_type = '') = %(of_apps)s
            and date_trunc('hour', minute) in (
                select date_trunc('hour', minute) from eventbus_operations_throughputminute
                where minute < %(before)s and (event_type = '') = %(of_apps)s
                    and minute <> date_trunc('hour', minute)
            )
        returning *
    )
    insert into eventbus_operations_throughputminute (minute, app, reaction, event_type,
        done, attempts, latency_histogram)
    select date_trunc('hour', minute), app, reaction, event_type, sum(done), sum(attempts),
        {SUMMED_HISTOGRAM}
    from old group by 1, 2, 3, 4
"""


@transaction.atomic
def aggregate() -> bool:
    """Count what was done and emitted since the last time.

    Returns whether more was done than was counted.
    """
    if not try_advisory_lock(LOCK):
        return False
    with connection.cursor() as cursor:
        begin, end = _span(_last(ThroughputMinute.objects.exclude(app="")))
        cursor.execute(_COUNT, [begin, end or clock.now() + timedelta(hours=1)])
        cursor.execute(_COUNT_STATED, [registry.event_types(), _emitted_since()])
    return end is not None


def _emitted_since() -> datetime:
    """Return from when to count events; before a first count only a day."""
    counted = _last(ThroughputMinute.objects.filter(app=""))
    return counted - SETTLED_AFTER if counted else _minute(clock.now() - timedelta(days=1))


def _last(rows: QuerySet[ThroughputMinute]) -> datetime | None:
    return rows.aggregate(last=Max("minute"))["last"]


def _span(counted: datetime | None) -> tuple[datetime, datetime | None]:
    """Return the span to count now; without an end where little is left."""
    upcoming = Delivery.objects.filter(state=Delivery.State.DONE).order_by("closed_at")
    if counted:
        upcoming = upcoming.filter(closed_at__gte=counted + timedelta(minutes=1))
    last = upcoming.values_list("closed_at", flat=True)[AT_ONCE : AT_ONCE + 1].first()
    begin = counted - SETTLED_AFTER if counted else datetime.min.replace(tzinfo=UTC)
    return begin, _minute(last) + timedelta(minutes=1) if last else None


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


@transaction.atomic
def downsample() -> None:
    """Make one row of the minutes of each hour that is old, as seen from the last one counted."""
    last = _last(ThroughputMinute.objects.all()) if try_advisory_lock(LOCK) else None
    if not last:
        return
    with connection.cursor() as cursor:
        for of_apps, kept in ((True, APPS_KEPT), (False, PAIRS_KEPT)):
            before = (last - kept).replace(minute=0, second=0, microsecond=0)
            cursor.execute(_MERGE, {"before": before, "of_apps": of_apps})
