"""Counts what an order costs the bus, in the database of a system that has just had some."""

from django.db import connection

from devtools.bench.plans import BIG, on_disk

_COSTS = """
    select count(distinct e.id) filter (where e.type = 'orders.OrderPlaced'),
        count(distinct e.id), count(d.id), count(distinct (e.id, d.app)),
        (select sum(pg_column_size(x.*)) from eventbus_outboxevent x) + sum(pg_column_size(d.*))
    from eventbus_outboxevent e left join eventbus_delivery d on d.event_id = e.id
"""


def costs() -> dict[str, float]:
    """Count for one order: events, deliveries, messages, bytes of their rows, and with indexes."""
    with connection.cursor() as cursor:
        cursor.execute(_COSTS)
        orders, events, deliveries, messages, rows = cursor.fetchone()
    counted = {"events": events, "deliveries": deliveries, "messages": messages}
    counted |= {"bytes": float(rows or 0), "bytes_with_indexes": sum(map(on_disk, BIG))}
    return {name: value / max(orders, 1) for name, value in counted.items()}
