"""Writes years of history and measures claim, check and reaction; prints one JSON object.

python -m devtools.bench.claim_and_check ROWS ROUNDS
"""

import argparse
import json
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import django

django.setup()

from django.conf import settings  # noqa: E402 models need Django to be set up
from django.db import connection, transaction  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402
from uuid6 import uuid7  # noqa: E402

from devtools.bench.cpu_time import cpu_ms  # noqa: E402
from devtools.bench.plans import BIG, on_disk  # noqa: E402
from eventbus.delivery import ledger, relay  # noqa: E402
from eventbus.delivery.models import Delivery, OutboxEvent  # noqa: E402
from eventbus.envelope import Envelope  # noqa: E402
from eventbus.history.archive import archive, restore  # noqa: E402
from eventbus.history.partitions import (  # noqa: E402
    attach,
    create_tables,
    create_upcoming,
    existing_partitions,
    first_id,
    month_start,
    partition_of,
)
from eventbus.testing import given  # noqa: E402
from orders.events import OrderCompleted  # noqa: E402

SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
MONTHS = 24
TYPE, APP, REACTION = "orders.OrderPlaced", "analytics", "count_event"
#: Deliveries of each event of the past; with the event that makes four rows.
REACTIONS = ((APP, REACTION), ("billing", "begin_payment"), ("orders", "follow"))
ROWS_OF_EVENT = 1 + len(REACTIONS)
#: Messages of the past that are checked in a round.
CHECKED = 100
#: A table read in a plan that has fewer rows than this is none to speak of.
FEW = 1000

_EVENTS = """
    insert into eventbus_outboxevent (id, type, version, subject, correlation_id, traceparent, data,
        occurred_at, publish_after, published_at)
    select id, %(type)s, 1, md5(n::text), id, repeat('0', 55),
        jsonb_build_object('note', repeat(md5(n::text), 12)), at, at, at
    from (
        select n, at, (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0')
            || substr(md5(random()::text), 1, 20))::uuid as id
        from (
            select n, %(since)s::timestamptz + random() * (%(until)s::timestamptz - %(since)s) as at
            from generate_series(1, %(count)s) n order by 2
        ) moments
    ) events
"""
_DELIVERIES = """
    insert into eventbus_delivery (event_id, app, reaction, state, attempts, sends, error,
    created_at,
        waiting_since, closed_at, duration_ms)
    select e.id, r.app, r.reaction, 'done', 1, 0, '', e.occurred_at, e.occurred_at, e.occurred_at, 5
    from eventbus_outboxevent e
    cross join unnest(%(apps)s::text[], %(reactions)s::text[]) r (app, reaction)
    where e.id >= %(first)s and e.id < %(last)s
    on conflict do nothing
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", type=int)
    parser.add_argument("rounds", type=int)
    options = parser.parse_args()
    past = _months_of_the_past()
    sizes, there = [], 0
    for rows in [*(size for size in SIZES if size < options.rows), options.rows]:
        _write(past, (rows - there) // ROWS_OF_EVENT)
        there = rows
        sizes.append({"rows": rows, **_measure(options.rounds)})
    result = {"sizes": sizes, "bytes": _bytes(), "month": _archive_and_restore()}
    json.dump(result, sys.stdout)


def _months_of_the_past() -> list:
    """Create months in place of the one partition that a new database has for all the past."""
    archive(existing_partitions()[0], settings.STATE / "archive")
    past = [partition_of(month_start(timezone.now(), -later)) for later in range(MONTHS, -1, -1)]
    for month in past:
        create_tables(month)
        attach(month)
    create_upcoming()
    return past[:-1]


def _write(past: list, events: int) -> None:
    reactions = dict(
        zip(("apps", "reactions"), map(list, zip(*REACTIONS, strict=True)), strict=True)
    )
    with connection.cursor() as cursor:
        cursor.execute("set synchronous_commit = off")
        for month in past:
            span = {"since": month.since, "until": month.until}
            count = events // len(past)
            cursor.execute(_EVENTS, {"type": TYPE, "count": count, **span})
            ids = {"first": first_id(month.since), "last": first_id(month.until)}
            cursor.execute(_DELIVERIES, {**reactions, **ids})
            print(f"{month.name}: {count:,} events more", file=sys.stderr)  # noqa: T201 progress
        cursor.execute("set synchronous_commit = on")
        # As autovacuum does within a minute or so.
        cursor.execute("vacuum analyze eventbus_outboxevent, eventbus_delivery")


def _measure(rounds: int) -> dict[str, Any]:
    """Return the median processor time of a claim, a check and a reaction, in ms.

    And what the first two read.
    """
    claims = []
    for _ in range(rounds):
        _emit()
        claims.append(cpu_ms(relay.claim))
        _settle()
    past = _envelopes_of_the_past(CHECKED)
    checks = [cpu_ms(partial(_check, envelope)) for envelope in past]
    reactions = [cpu_ms(_react) for _ in range(CHECKED)]
    _emit()
    claim, check = _read(relay.claim), _read(lambda: _check(past[0]))
    _settle()
    return {
        "claim": statistics.median(claims),
        "check": statistics.median(checks),
        "react": statistics.median(reactions),
        "claim_blocks": claim["blocks"],
        "check_blocks": check["blocks"],
        "whole_tables": sorted(claim["whole"] | check["whole"]),
    }


def _emit() -> None:
    """Emit a relay's batch of events."""
    rows = [OutboxEvent.of(_envelope(UUID(bytes=uuid7().bytes))) for _ in range(relay.BATCH)]
    OutboxEvent.objects.bulk_create(rows)


def _envelope(id: UUID) -> Envelope:
    return Envelope(id, TYPE, 1, str(uuid4()), id, None, "0" * 55, timezone.now(), {"note": ""})


def _settle() -> None:
    """Mark what was claimed as published and handled."""
    rows = OutboxEvent.objects.filter(published_at=None)
    Delivery.objects.filter(event__in=list(rows.values_list("id", flat=True))).update(
        state=Delivery.State.DONE, closed_at=timezone.now(), resend_at=None
    )
    rows.update(published_at=timezone.now(), claimed_until=None)


def _check(envelope: Envelope) -> None:
    with transaction.atomic():
        if ledger.lock(APP, [envelope]):
            raise RuntimeError("what was handled is open")


def _react() -> None:
    """Emit an event and have one app react to it."""
    given(
        OrderCompleted(
            order_id=uuid4(), number="bench", customer_id=None, total="1.00", currency="EUR"
        ),
        to=APP,
    )


def _envelopes_of_the_past(count: int) -> list[Envelope]:
    """Return envelopes of events from all over history."""
    end = timezone.now()
    moments = (end - timedelta(days=random.uniform(31, MONTHS * 30)) for _ in range(count))
    later = (OutboxEvent.objects.filter(id__gte=first_id(m)).order_by("id") for m in moments)
    return [_envelope(rows.values_list("id", flat=True)[0]) for rows in later]


def _read(work: Callable[[], object]) -> dict[str, Any]:
    """Return how many blocks the queries of `work` read, and which tables they read whole."""
    with CaptureQueriesContext(connection) as asked, transaction.atomic():
        work()
        transaction.set_rollback(True)
    statements = (query["sql"].strip() for query in asked.captured_queries)
    selects = [sql for sql in statements if sql.lower().startswith(("select", "with"))]
    blocks, whole = 0, set()
    for query in selects:
        plan = _plan(query)
        blocks += plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
        for node in _nodes(plan):
            if node["Node Type"] == "Seq Scan" and _rows_read(node) > FEW:
                whole.add(node["Relation Name"])
    return {"blocks": blocks, "whole": whole}


def _plan(query: str) -> dict[str, Any]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"explain (analyze, buffers, format json) {query}")
        found = cursor.fetchone()[0]
        transaction.set_rollback(True)
    return (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", []):
        yield from _nodes(below)


def _rows_read(node: dict[str, Any]) -> float:
    return node["Actual Rows"] + node.get("Rows Removed by Filter", 0)


def _bytes() -> dict[str, float]:
    """Return the bytes on disk of a row, its share of the indexes included."""
    events, deliveries = (on_disk(table) for table in BIG)
    return {
        "event": events / OutboxEvent.objects.count(),
        "delivery": deliveries / Delivery.objects.count(),
    }


def _archive_and_restore() -> dict[str, Any]:
    began = time.monotonic()
    archived = archive(existing_partitions()[0], settings.STATE / "archive")
    done = time.monotonic()
    size = Path(archived.file).stat().st_size
    figures = {"events": archived.events, "deliveries": archived.deliveries}
    restore(archived, Path(archived.file))
    return figures | {
        "archived": done - began,
        "restored": time.monotonic() - done,
        "megabytes": size / 1e6,
    }


if __name__ == "__main__":
    main()
