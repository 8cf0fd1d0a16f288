"""The delivery ledger: the state of each reaction to each event.

One row per (event, app, reaction), unique for good. Every function here is one
or two statements; transactions belong to the callers.
"""

import json
import random
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now

from eventbus import clock, registry
from eventbus.conf import conf
from eventbus.delivery.fingerprint import fingerprint
from eventbus.delivery.models import Delivery, LockedDelivery, OutboxEvent
from eventbus.delivery.pause import is_paused
from eventbus.envelope import Envelope
from eventbus.exceptions import storable

LONGEST_RETRY = timedelta(minutes=10)
#: No deploy takes as long: what until then nobody can read waits for a person.
DEPLOYED_WITHIN = timedelta(days=1)
#: The error of a delivery that is parked because no attempt lived to record its outcome.
ATTEMPTS_EXHAUSTED = "in each attempt the worker died, or lost the database"


def create_deliveries(events: Iterable[OutboxEvent]) -> None:
    """Make the delivery of each event to each reaction that wants it; existing ones stay."""
    events = list(events)
    with connection.cursor() as cursor:
        cursor.execute(
            _EVENTS + CREATE_DELIVERIES,
            {
                "ids": [event.id for event in events],
                "types": [event.type for event in events],
                **delivery_parameters(),
            },
        )


def delivery_parameters() -> dict[str, Any]:
    """Return the parameters of `CREATE_DELIVERIES`: which reactions want events of which type.

    As texts: the driver takes longer to write out long lists than PostgreSQL to split them.
    """
    wanted = registry.wanted()
    return {
        "wanted_types": ",".join(type for type, _ in wanted),
        "wanted_apps": ",".join(reaction.app for _, reaction in wanted),
        "wanted_reactions": ",".join(reaction.name for _, reaction in wanted),
        "overdue_after": conf.OVERDUE_AFTER,
    }


#: Written out: Django takes ten times as long to build so many rows as PostgreSQL to store them.
#: The events stand in a table expression `event` with `id` and `type`. In one order, so that
#: two who make the same ones do not wait for each other in a ring.
CREATE_DELIVERIES = """
    insert into eventbus_delivery
        (event_id, app, reaction, state, attempts, sends, error, resend_at)
    select event.id, app, reaction, 'waiting', 0, 0, '', statement_timestamp() + %(overdue_after)s
    from event join unnest(
        string_to_array(%(wanted_types)s, ','),
        string_to_array(%(wanted_apps)s, ','),
        string_to_array(%(wanted_reactions)s, ',')
    ) as wanted (type, app, reaction) using (type)
    order by event.id, app, reaction
    on conflict do nothing
"""
_EVENTS = "with event (id, type) as (select * from unnest(%(ids)s::uuid[], %(types)s::text[]))"


def lock(
    app: str,
    envelopes: Iterable[Envelope],
    paused: frozenset[str] | None = None,
    *,
    timeout: str | None = None,
) -> list[LockedDelivery]:
    """Lock an app's deliveries of these events and return the ones to run now.

    A second worker waits here and then finds them closed. Deliveries that the
    publisher did not know of (it ran older code) are made here. Failed ones
    are left until their retry is due, leased ones to their holder, and those of
    paused reactions until they are resumed: of `paused` where that was read before.
    `timeout`: how long this transaction waits for any one lock; None: as its session does.
    """
    envelopes = list(envelopes)
    rows = _lock_open(app, envelopes, timeout)
    if missing := _missing(app, envelopes, rows):
        Delivery.objects.bulk_create(missing, ignore_conflicts=True)
        rows = _lock_open(app, envelopes, timeout)
    rows = _runnable(rows)
    if paused is None:
        return [row for row in rows if not row.is_paused]
    return [row for row in rows if not is_paused(row.reaction, paused)]


def _runnable(rows: list[LockedDelivery]) -> list[LockedDelivery]:
    """Return the waiting rows whose lease nobody holds."""
    return [row for row in rows if row.state == Delivery.State.WAITING and row.is_unleased]


def _lock_open(
    app: str, envelopes: list[Envelope], timeout: str | None = None
) -> list[LockedDelivery]:
    """Lock and return the rows; `is_unleased` is read by the database's clock, as every lease."""
    event_ids = _array([envelope.id for envelope in envelopes])
    return [LockedDelivery(*row) for row in _fetch(_LOCK, [timeout, app, event_ids])]


#: Written out, for it is asked with each message: Django takes longer to build it than
#: PostgreSQL to answer. It limits itself, and what follows, before it waits for any lock: no row
#: is locked before it was joined.
_LOCK = """
    with waiting as materialized (
        select set_config('lock_timeout', coalesce(%s, current_setting('lock_timeout')), true)
    )
    select row.id, event_id, app, reaction, state, attempts, error, fingerprint, duration_ms,
        leased_until, leased_until is null or leased_until <= statement_timestamp() as is_unleased,
        exists(
            select from eventbus_pause pause
            where pause.app = row.app and pause.reaction in ('', row.reaction)
        ) as is_paused
    from waiting, eventbus_delivery row
    where row.app = %s and row.event_id = any(%s::uuid[]) order by row.id for update of row
"""


def _fetch(sql: str, params: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def _array(values: Iterable[object]) -> str:
    """Return ids, numbers or times as PostgreSQL writes an array: the driver takes far longer."""
    return f"{{{','.join('null' if value is None else str(value) for value in values)}}}"


def _missing(
    app: str, envelopes: list[Envelope], rows: Sequence[Delivery | LockedDelivery]
) -> list[Delivery]:
    there = {(row.event_id, row.reaction) for row in rows}
    missing = [
        _new(event_id=envelope.id, app=app, reaction=reaction.name)
        for envelope in envelopes
        for reaction in registry.reactions_to(envelope.type, app)
        if (envelope.id, reaction.name) not in there
    ]
    if not missing:
        return []
    known = set(
        OutboxEvent.objects.filter(id__in={m.event_id for m in missing}).values_list(
            "id", flat=True
        )
    )
    return [row for row in missing if row.event_id in known]


def _new(**delivery: Any) -> Delivery:
    """Return a delivery that is sent again when nobody has answered in time."""
    return Delivery(**delivery, resend_at=clock.now() + conf.OVERDUE_AFTER)


@transaction.atomic
def count_attempt(
    app: str, envelopes: list[Envelope], paused: frozenset[str] = frozenset()
) -> None:
    """Count an attempt before it runs, and park what has used up its attempts.

    For redelivered messages: the run before may have killed its worker, which
    could then count nothing. In a transaction of its own, that outlives the run.
    What is `paused` is not going to run.
    """
    event_ids = [envelope.id for envelope in envelopes]
    there = list(Delivery.objects.filter(event__in=event_ids, app=app))
    Delivery.objects.bulk_create(_missing(app, envelopes, there), ignore_conflicts=True)
    rows = Delivery.objects.filter(
        _not_leased(),
        event__in=event_ids,
        app=app,
        state=Delivery.State.WAITING,
    )
    if paused:
        rows = rows.exclude(reaction__in=paused) if "" not in paused else rows.none()
    _park(rows.filter(attempts__gte=conf.MAX_ATTEMPTS), ATTEMPTS_EXHAUSTED)
    rows.update(attempts=F("attempts") + 1)


def _not_leased() -> Q:
    return Q(leased_until=None) | Q(leased_until__lte=Now())


def mark_leased(row: Delivery | LockedDelivery) -> None:
    """Mark a delivery leased for an external call; it is sent again when the lease is over."""
    row.due_in = conf.LEASE


def relock(rows: Sequence[LockedDelivery]) -> set[int]:
    """Lock leased deliveries again; returns the ids of those that no other worker has taken over.

    A lease that was over is gone once the relay has sent the event again; whoever takes the
    copy counts an attempt.
    """
    names = ("id", "event_id", "attempts", "leased_until")
    columns = [_array([getattr(row, name) for row in rows]) for name in names]
    return {id for (id,) in _fetch(_RELOCK, [*columns, columns[1]])}


_RELOCK = """
    select row.id from eventbus_delivery row
    join unnest(%s::bigint[], %s::uuid[], %s::int[], %s::timestamptz[])
        as mine (id, event_id, attempts, leased_until)
        on row.id = mine.id and row.event_id = mine.event_id
        and row.attempts = mine.attempts
        and (row.leased_until = mine.leased_until or row.leased_until is null)
    where row.state = 'waiting' and row.event_id = any(%s::uuid[])
    order by row.id for update of row
"""


def unlease(rows: Sequence[LockedDelivery]) -> None:
    """Return leased deliveries to what they were before: not begun, and no attempt counted."""
    if rows:
        Delivery.objects.filter(
            pk__in=[row.id for row in rows], event__in=[row.event_id for row in rows]
        ).update(
            attempts=F("attempts") - 1, leased_until=None, resend_at=Now() + conf.OVERDUE_AFTER
        )


def limit_waiting(timeout: str) -> None:
    """Limit how long the rest of this transaction waits for any one lock."""
    with connection.cursor() as cursor:
        cursor.execute("select set_config('lock_timeout', %s, true)", [timeout])


def mark_done(row: Delivery | LockedDelivery, duration_ms: int) -> None:
    """Mark a delivery closed; `save` writes it."""
    row.state, row.error, row.fingerprint = Delivery.State.DONE, "", ""
    row.due_in, row.duration_ms = None, duration_ms


def mark_failed(
    row: Delivery | LockedDelivery, error: str, duration_ms: int, *, is_permanent: bool = False
) -> None:
    """Mark a delivery failed until its retry; after the last attempt, or if permanent, parked."""
    error = storable(error)
    row.error, row.duration_ms = error, duration_ms
    if is_permanent or row.attempts >= conf.MAX_ATTEMPTS:
        mark_parked(row, error)
    else:
        row.state = Delivery.State.FAILED
        row.fingerprint = fingerprint(row.app, row.reaction, error)
        row.due_in = retry_delay(row.attempts)


@transaction.atomic
def fail_alone(
    row: LockedDelivery, error: str, duration_ms: int, *, is_permanent: bool = False
) -> None:
    """Record a failure in a transaction of its own, unless another worker has the delivery now."""
    delivery = {"event_id": row.event_id, "app": row.app, "reaction": row.reaction}
    # One that was made by the transaction that has failed is gone with it.
    Delivery.objects.bulk_create([_new(**delivery)], ignore_conflicts=True)
    fresh = (
        Delivery.objects.select_for_update()
        .filter(
            Q(leased_until=None) | Q(leased_until=row.leased_until),
            **delivery,
            state=Delivery.State.WAITING,
            attempts__lte=row.attempts,
        )
        .first()
    )
    if fresh:
        fresh.attempts = row.attempts
        mark_failed(fresh, error, duration_ms, is_permanent=is_permanent)
        save([fresh])
        row.state, row.duration_ms = fresh.state, duration_ms


@transaction.atomic
def fail_open(app: str, envelope: Envelope, error: str, *, include_leased: bool = False) -> None:
    """Record an error outside of any reaction as a failure of all waiting deliveries of an event.

    Leased ones are left to their holder; `include_leased` where it is known to be gone.
    """
    Delivery.objects.bulk_create(
        _missing(app, [envelope], _lock_open(app, [envelope])), ignore_conflicts=True
    )
    rows = _lock_open(app, [envelope])
    rows = (
        [row for row in rows if row.state == Delivery.State.WAITING]
        if include_leased
        else _runnable(rows)
    )
    for row in rows:
        # A lease was an attempt already.
        row.attempts += 1 if row.is_unleased else 0
        mark_failed(row, error, 0)
    save(rows)


def mark_parked(row: Delivery | LockedDelivery, error: str) -> None:
    """Mark a delivery as one for a person to look at."""
    error = storable(error)
    row.state, row.error = Delivery.State.PARKED, error
    row.fingerprint = fingerprint(row.app, row.reaction, error)
    row.due_in = None


def retry_delay(attempts: int) -> timedelta:
    """Return the wait: `EVENTBUS_RETRY_BASE` doubled, ten minutes at most, jittered by half."""
    delay = min(conf.RETRY_BASE * 2 ** min(attempts - 1, 20), LONGEST_RETRY)
    return delay * random.uniform(0.5, 1.5)


def save(rows: Sequence[Delivery | LockedDelivery]) -> None:
    """Write the outcome of these rows in one statement, and read until when they are leased."""
    outcomes = json.dumps([_outcome(row) for row in rows])
    leases = dict(_fetch(_SAVE, [outcomes, _array([row.event_id for row in rows])]))
    for row in rows:
        row.leased_until = leases.get(row.id)


def _outcome(row: Delivery | LockedDelivery) -> dict[str, Any]:
    due_in = row.due_in.total_seconds() if row.due_in is not None else None
    outcome = {name: getattr(row, name) for name in _OUTCOME}
    return {"id": row.id, "event_id": str(row.event_id), "due_in": due_in, **outcome}


#: The columns that running a reaction changes, with their types in PostgreSQL; when something
#: is due or was done is reckoned there, from `due_in`, seconds.
_OUTCOME = {
    "state": "text",
    "attempts": "int",
    "error": "text",
    "fingerprint": "text",
    "duration_ms": "int",
}
#: Django's bulk_update builds a CASE per column, which costs as much time as the update. The
#: events are named once more in the end: so PostgreSQL plans for their months alone.
_SAVE = f"""
    update eventbus_delivery row set {", ".join(f"{name} = new.{name}" for name in _OUTCOME)},
        resend_at = statement_timestamp() + make_interval(secs => due_in),
        leased_until = case
            when new.state = 'waiting' then statement_timestamp() + make_interval(secs => due_in)
        end,
        closed_at = case when new.state not in ('waiting', 'failed') then statement_timestamp() end
    from json_to_recordset(%s::json) as new (
        id bigint, event_id uuid, due_in double precision,
        {", ".join(f"{name} {type}" for name, type in _OUTCOME.items())}
    )
    where row.id = new.id and row.event_id = new.event_id and row.event_id = any(%s::uuid[])
    returning row.id, row.leased_until
"""


@transaction.atomic
def park_event(app: str, envelope: Envelope, reason: str) -> int:
    """Park an app's open deliveries of an event that this code cannot run.

    Where the code does not even know which reactions want it, one row without
    a reaction's name stands for them. Returns how many rows were parked, 0
    when the event is not in the outbox, that is was never emitted. A leased one
    is left to its holder.
    """
    if not OutboxEvent.objects.filter(id=envelope.id).exists():
        return 0
    return _park(_of_event(app, envelope).filter(state__in=Delivery.OPEN), reason)


@transaction.atomic
def put_off_event(app: str, envelope: Envelope, reason: str) -> bool:
    """Have an app's waiting deliveries of an event that newer code can run come again later.

    See `mark_put_off`. Returns False, with nothing done, when no newer code is to be expected, or
    the event was never emitted.
    """
    wait = wait_for_newer(envelope.id)
    if wait is None:
        return False
    waiting = _of_event(app, envelope).filter(state=Delivery.State.WAITING)
    rows = list(waiting.order_by("id").select_for_update())
    for row in rows:
        mark_put_off(row, reason, wait)
    save(rows)
    return True


def wait_for_newer(event_id: UUID) -> timedelta | None:
    """Return when an event is to come again that newer code may run.

    After as long as it has waited by now, ten minutes at most. None when it has waited for
    `DEPLOYED_WITHIN`, or was never emitted.
    """
    due = OutboxEvent.objects.filter(id=event_id).values_list("publish_after", flat=True).first()
    age = clock.now() - due if due else DEPLOYED_WITHIN
    return min(max(age, conf.RETRY_BASE), LONGEST_RETRY) if age < DEPLOYED_WITHIN else None


def mark_put_off(row: Delivery | LockedDelivery, reason: str, wait: timedelta) -> None:
    """Mark a delivery as one for newer code: failed until then, and no attempt is counted."""
    row.state, row.error, row.due_in = Delivery.State.FAILED, reason, wait
    row.fingerprint = fingerprint(row.app, row.reaction, reason)


def _of_event(app: str, envelope: Envelope) -> QuerySet[Delivery]:
    """Return an app's deliveries of an event that nobody holds; one without a name where none is.

    It stands for the reactions that newer code has.
    """
    if not Delivery.objects.filter(event=envelope.id, app=app).exists():
        Delivery.objects.bulk_create(
            [Delivery(event_id=envelope.id, app=app)], ignore_conflicts=True
        )
    return Delivery.objects.filter(_not_leased(), event=envelope.id, app=app)


def _park(open_rows: QuerySet[Delivery], reason: str) -> int:
    rows = list(open_rows.order_by("id").select_for_update())
    for row in rows:
        mark_parked(row, reason)
    save(rows)
    return len(rows)
