"""A long history of orders: a few real ones, which every app reacted to, copied many times over.

The copies are a week of them, the last one just now. Events and reactions are as the bus wrote
them, with ids, subjects, numbers and customers of their own. Some reactions are in trouble, some
are still open.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

from django.db import connection

from billing.services import tokenize
from devtools.bench.plans import BIG
from devtools.shop_client import APPROVED, DECLINED
from eventbus.operations.throughput import aggregate, downsample
from eventbus.testing import settle
from inventory.services import receive_stock
from orders.events import Address, OrderDetails, OrderLine, OrderPlaced
from orders.services import place_order, request_cancellation

DAYS = 7
#: Copies are made in so many goes, to tell how far it is.
GOES = 10
#: A customer whose order was not only copied: every app has rows of it.
ORIGINAL = "bench-1"
#: Counts of what was done between two merges, as a relay has on a busy day.
MERGE_AFTER = 10

_FUNCTIONS = """
    create function pg_temp.moved(id uuid, n int, ms bigint) returns uuid immutable language sql as
    $$ select (
        lpad(to_hex(('x' || left(translate(id::text, '-', ''), 12))::bit(48)::bigint + ms), 12, '0')
        || left(md5(id::text || n), 20)
    )::uuid $$;
    create function pg_temp.renamed(subject text, n int) returns text immutable language sql as
    $$ select case when subject ~ '^[0-9a-f]{8}-[0-9a-f-]{27}$'
        then md5(subject || n)::uuid::text else subject || '-' || n % 5000 end $$
"""
#: `later`: how long after the original each copy is published, where a time was scheduled.
_ORIGINALS = """
    create temp table original_event as
    select *, greatest(publish_after - published_at, interval '0') as later
    from eventbus_outboxevent where correlation_id in (
        select id from eventbus_outboxevent where type = %s
    );
    create temp table original_delivery as
    select d.*, e.later from eventbus_delivery d join original_event e on e.id = d.event_id
"""
_MOVES = """
    (
        select n, (n - %(last)s) * %(gap)s::bigint as ms,
            (n - %(last)s) * %(gap)s * interval '1 ms' as by
        from generate_series(%(first)s::int, %(until)s::int - 1) n
    ) moves
"""
_EVENTS = f"""
    insert into eventbus_outboxevent (id, type, version, subject, correlation_id, causation_id,
        emitted_by, traceparent, data, occurred_at, publish_after, published_at)
    select pg_temp.moved(id, n, ms), type, version, pg_temp.renamed(subject, n),
        pg_temp.moved(correlation_id, n, ms), pg_temp.moved(causation_id, n, ms),
        emitted_by, traceparent,
        replace(data::text, subject, pg_temp.renamed(subject, n))::jsonb || case
            when type = %(placed)s then jsonb_build_object(
                'number', data ->> 'number' || '-' || n,
                'customer_id', 'customer-' || n %% 20000
            ) else '{{}}' end,
        occurred_at + by, publish_after + by,
        case when published_at + later + by <= now() then published_at + later + by end
    from {_MOVES} cross join original_event
"""
_DELIVERIES = f"""
    insert into eventbus_delivery (event_id, app, reaction, state, attempts, sends, error,
    created_at,
        waiting_since, closed_at, duration_ms)
    select pg_temp.moved(event_id, n, ms), app, reaction, state, attempts, sends, error,
        created_at + later + by, created_at + later + by, closed_at + later + by, duration_ms
    from {_MOVES} cross join original_delivery where closed_at + later + by <= now()
"""
#: Of apps that joined since, so that there are as many reactions as were asked for.
_MORE = f"""
    insert into eventbus_delivery (event_id, app, reaction, state, attempts, sends, error,
    created_at,
        waiting_since, closed_at, duration_ms)
    select pg_temp.moved(id, n, ms), 'analytics', 'joined_' || number, 'done', 1, 0, '',
        published_at + by, published_at + by, published_at + by + interval '40 ms', 4
    from {_MOVES} cross join original_event cross join generate_series(1, %(each)s) number
    where published_at + later + by <= now() limit %(most)s
"""
_TROUBLE = """
    update eventbus_delivery set state = case id % 5000 when 2 then 'waiting' when 1 then 'failed'
            else 'parked' end,
        closed_at = null, attempts = 8, fingerprint = left(md5(app || reaction || id % 3), 16),
        error = E'Traceback (most recent call last):\\nValueError: no way ' || id % 3,
        resend_at = case when id % 5000 in (1, 2) then now() + interval '1 hour' end
    where id % 5000 in (1, 2, 3, 4);
    update eventbus_delivery set state = 'waiting', closed_at = null, resend_at = now()
    where id > (select max(id) - 1000 from eventbus_delivery);
    update eventbus_outboxevent set published_at = null
    where id in (select id from eventbus_outboxevent order by id desc limit 100)
"""
_INDEXES = """
    select indexname, indexdef from pg_indexes where tablename = any(%s)
        and indexname not in (select conname from pg_constraint)
"""


def fill(events: int, reactions: int) -> None:
    """Make so many events and reactions in an empty shop, and count what was done as a relay."""
    orders = _originals()
    with connection.cursor() as cursor:
        # No row is looked for that a copy refers to, and nobody is told of copies.
        cursor.execute("set session_replication_role = replica; set synchronous_commit = off")
        cursor.execute(_FUNCTIONS)
        cursor.execute(_ORIGINALS, [OrderPlaced.type])
        with without_indexes(cursor):
            _copy(cursor, events, reactions)
            cursor.execute(_TROUBLE)
        _tell(f"{orders} orders are copied; counting what was done")
        cursor.execute("vacuum analyze eventbus_outboxevent, eventbus_delivery")
    connection.close()
    _count()
    with connection.cursor() as cursor:
        # What the servers do in time, they shall not do while pages are measured.
        cursor.execute("vacuum analyze eventbus_operations_throughputminute")
        cursor.execute("checkpoint")


def _originals() -> int:
    """Place orders that go well, one that is not paid, and one that is cancelled."""
    receive_stock({f"SKU-{n}": 1000 for n in range(9)}, reason="bench")
    cards = (APPROVED, APPROVED, APPROVED, APPROVED, APPROVED, DECLINED)
    placed = [
        place_order(_details(number, card), pay_again=False) for number, card in enumerate(cards)
    ]
    request_cancellation(placed[0].id)
    settle()
    settle(scheduled=True)
    return len(placed)


def _details(number: int, card: str) -> OrderDetails:
    email = f"bench-{number}@example.com"
    lines = [
        OrderLine(line=n + 1, sku=f"SKU-{n}", title="Cup", quantity=1, unit_price=Decimal(9))
        for n in range(number + 1)
    ]
    return OrderDetails(
        customer_id=f"bench-{number}",
        email=email,
        currency="EUR",
        card=tokenize(card, holder=email),
        ship_to=Address(name="Ada", line1="1 Way", city="Bath", postcode="B1", country="US"),
        lines=lines,
    )


@contextmanager
def without_indexes(cursor) -> Iterator[None]:
    """Drop all indexes but those of keys, and make them anew at the end, which is faster."""
    cursor.execute(_INDEXES, [[*BIG]])
    indexes = cursor.fetchall()
    for name, _ in indexes:
        cursor.execute(f"drop index {name}")
    yield
    for _, definition in indexes:
        # As it stands, it would make an index of the table without its months.
        cursor.execute(definition.replace(" ON ONLY ", " ON ", 1))


def _copy(cursor, events: int, reactions: int) -> None:
    cursor.execute("select (select count(*) from original_event), count(*) from original_delivery")
    emitted, handled = cursor.fetchone()
    copies = -(-events // emitted)
    missing = max(reactions - copies * handled, 0)
    facts = {"last": copies - 1, "gap": DAYS * 86_400_000 // copies, "placed": OrderPlaced.type}
    facts |= {"each": -(-missing // (copies * emitted)), "most": -(-missing // GOES)}
    for go in range(GOES):
        part = {"first": copies * go // GOES, "until": copies * (go + 1) // GOES}
        for statement in (_EVENTS, _DELIVERIES, _MORE):
            cursor.execute(statement, facts | part)
        _tell(f"{copies * (go + 1) // GOES * emitted:,} events")


def _count() -> None:
    goes = 0
    while aggregate():
        goes += 1
        if goes % MERGE_AFTER == 0:
            downsample()
    downsample()


def _tell(what: str) -> None:
    print(f"history: {what}", file=sys.stderr, flush=True)  # noqa: T201 progress
