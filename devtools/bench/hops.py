"""What of the way from placed to shipped each hop takes: outbox and relay, broker, reaction."""

import statistics
from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple
from uuid import UUID

from django.db import connection

#: The events that led from an order to its shipping, each with the delivery it was emitted in.
_CHAIN = """
    with recursive chain as (
        select *, 0 as back from eventbus_outboxevent
        where subject = %s and type = 'shipping.OrderShipped'
        union all
        select event.*, back + 1 from eventbus_outboxevent event
        join chain on event.id = chain.causation_id
    )
    select extract(epoch from occurred_at)::float8 * 1000,
        extract(epoch from published_at)::float8 * 1000,
        extract(epoch from delivery.closed_at)::float8 * 1000, delivery.duration_ms
    from chain left join eventbus_delivery delivery
        on delivery.event_id = chain.causation_id and delivery.reaction = chain.emitted_by
    order by back desc
"""


class Link(NamedTuple):
    """An event of the chain; times in milliseconds.

    `closed` and `took` are of the reaction that emitted it: none the first one.
    """

    occurred: float
    published: float
    closed: float | None
    took: int | None


def shares(order_id: UUID) -> list[dict[str, float]]:
    """Return for each hop of an order that was shipped how many milliseconds it took where.

    `relay`: from the end of the reaction that emitted the event, till it was published; `broker`:
    till the next reaction began; `reaction`: till that had written down what it did.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CHAIN, [str(order_id)])
        chain = [Link(*row) for row in cursor.fetchall()]
    # The order is shipped as the last event is emitted.
    ends = [link.closed or 0 for link in chain[1:-1]] + [chain[-1].occurred] if chain else []
    return [_share(*pair, ended) for pair, ended in zip(pairwise(chain), ends, strict=True)]


def _share(event: Link, following: Link, ended: float) -> dict[str, float]:
    emitted = event.closed or event.occurred
    began = (following.closed or 0) - (following.took or 0)
    return {
        "relay": event.published - emitted,
        "broker": began - event.published,
        "reaction": ended - began,
    }


def medians(orders: Iterable[list[dict[str, float]]]) -> list[dict[str, float]]:
    """Return the median of each hop's shares over orders that took as many hops."""
    hops = zip(*orders, strict=True)
    return [
        {name: statistics.median(order[name] for order in hop) for name in hop[0]} for hop in hops
    ]
