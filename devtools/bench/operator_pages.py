"""Fills the bus with a long history, measures pages and an audit; prints one JSON object.

python -m devtools.bench.operator_pages EVENTS REACTIONS ROUNDS
"""

import argparse
import json
import statistics
import sys
import time

import django

django.setup()

from django.contrib.auth.models import User  # noqa: E402 models need Django to be set up
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from devtools.bench.history import ORIGINAL, fill  # noqa: E402
from devtools.bench.pages import times  # noqa: E402
from devtools.bench.plans import BIG, Asked, on_disk  # noqa: E402
from eventbus.console.now.statement import read_now  # noqa: E402
from eventbus.delivery.models import Delivery, OutboxEvent  # noqa: E402
from eventbus.delivery.session_limits import limit_sessions  # noqa: E402
from orders.events import OrderPlaced  # noqa: E402
from shop.audit import rules  # noqa: E402

_ORDERS = """
    insert into orders_order select (jsonb_populate_record(o, jsonb_build_object(
        'id', e.subject, 'number', 'X' || row_number() over (), 'idempotency_key', null,
        'placed_at', e.occurred_at
    ))).* from eventbus_outboxevent e
    join orders_order o on o.id = (select id from orders_order order by placed_at limit 1)
    where e.type = %s on conflict do nothing
"""
PAGES = {
    "now": "/console/",
    "story of an order": "/console/story/{number}/",
    "story, as a file": "/console/story/{number}/story.svg",
    "customer": "/console/customer/{customer}/",
    "payload": "/console/event/{event}/",
    "map": "/console/map/",
    "map, an event": "/console/map/event/orders.OrderPlaced/",
    "map, an app": "/console/map/app/billing/",
    "throughput, 1 hour": "/console/throughput/",
    "throughput, 7 days": "/console/throughput/?span=7d",
    "throughput in figures": "/console/throughput/figures/",
    "throughput, for the pointer": "/console/throughput/figures.json",
    "budget": "/console/throughput/budget/billing/",
    "failed": "/console/failed/",
    "failed, a group": "/console/failed/group/{group}/",
    "failed, one": "/console/failed/{delivery}/",
    "overdue": "/console/overdue/",
    "workers": "/console/workers/",
    "paused": "/console/paused/",
    "alerts": "/console/alerts/",
    "metrics": "/metrics",
    "admin: dashboard": "/admin/",
    "admin: an order": "/admin/order/{order}/",
    "admin: reactions given up": "/admin/eventbus/delivery/?state__exact=parked",
    "admin: reactions": "/admin/eventbus/delivery/",
    "admin: events": "/admin/eventbus/outboxevent/",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("events", type=int)
    parser.add_argument("reactions", type=int)
    parser.add_argument("rounds", type=int)
    options = parser.parse_args()
    began = time.monotonic()
    fill(options.events, options.reactions)
    filled = time.monotonic() - began
    counts = {"events": OutboxEvent.objects.count(), "reactions": Delivery.objects.count()}
    pages = {name: _measured(path, options.rounds) for name, path in _addresses().items()}
    measured = {"filled": filled, "disk": sum(map(on_disk, BIG)), "pages": pages}
    measured["statement"] = statement_of_now(options.rounds)
    json.dump(counts | measured | {"audit": audited()}, sys.stdout)


def statement_of_now(rounds: int) -> float:
    """Return the milliseconds of the console's live statement, at the median."""
    taken = []
    for _ in range(rounds):
        began = time.monotonic()
        read_now()
        taken.append((time.monotonic() - began) * 1000)
    return round(statistics.median(taken), 1)


def audited() -> dict[str, float]:
    """Return the seconds of each rule, with the statement limits of an audit's process.

    Of every copied event there is an order as well; other apps' books have the originals alone,
    so what the rules find is nothing to go by.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ORDERS, [OrderPlaced.type])
        cursor.execute("analyze orders_order")
    connection.close()
    limit_sessions("audit")
    taken: dict[str, float] = {}
    began = time.monotonic()
    for finding in rules.audit():
        taken[finding.rule], began = time.monotonic() - began, time.monotonic()
        print(f"rule: {taken[finding.rule]:.1f} s, {finding.rule}", file=sys.stderr, flush=True)  # noqa: T201 progress
    return taken


def _addresses() -> dict[str, str]:
    """Return every page's address; one about a single thing is of the middle of the history."""
    placed = OutboxEvent.objects.filter(type=OrderPlaced.type).order_by("occurred_at")
    one = placed[placed.count() // 2]
    parked = Delivery.objects.filter(state="parked").exclude(fingerprint="").order_by("id")[0]
    known = {
        "number": one.data["number"],
        "customer": one.data["customer_id"],
        "event": one.id,
        "group": parked.fingerprint,
        "delivery": parked.id,
        "order": placed.get(data__customer_id=ORIGINAL).subject,
    }
    return {name: path.format(**known) for name, path in PAGES.items()}


def _measured(path: str, rounds: int) -> dict[str, object]:
    print(f"page: {path}", file=sys.stderr, flush=True)  # noqa: T201 progress
    client = Client(headers={"host": "localhost"})
    user, _ = User.objects.get_or_create(username="olga", is_staff=True, is_superuser=True)
    client.force_login(user)
    taken = times(client, path, rounds)
    asked = Asked()
    with asked.watching():
        client.get(path)
    return {**taken, **vars(asked)}


if __name__ == "__main__":
    main()
