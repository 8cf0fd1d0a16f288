"""The earlier orders that a screening looks back on."""

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from fraud.models import Screening

#: How many of a shopper's latest orders a screening looks back on: a shopper
#: with thousands must not make the next screening slow.
LOOK_BACK = 30


class Earlier(NamedTuple):
    """What the rules look at of an earlier order."""

    order_id: UUID
    placed_at: datetime
    customer_id: str
    email: str
    fingerprint: str
    amount: Decimal
    currency: str


def earlier_than(orders: Collection[Screening]) -> dict[UUID, list[Earlier]]:
    """Return the latest earlier orders of the same e-mail, card or customer as each of these.

    In one query; those that are screened together, and are not saved yet, see each other too.
    """
    known: dict[UUID, list[Earlier]] = {order.order_id: [] for order in orders}
    columns = [[getattr(order, name) for order in orders] for name in _LOOKED_UP]
    with connection.cursor() as cursor:
        cursor.execute(_EARLIER, [*columns, *[columns[0]] * len(_SHARED)])
        for order_id, rows in groupby(cursor.fetchall(), itemgetter(0)):
            known[order_id] = [Earlier(*row[1:]) for row in rows]
    for order in orders:
        known[order.order_id] += [
            Earlier._make(getattr(other, name) for name in Earlier._fields)
            for other in orders
            if other is not order and _comes_after(order, other)
        ]
    return known


def _comes_after(order: Screening, other: Screening) -> bool:
    """Return whether an order was placed after another one of the same e-mail, card or customer."""
    assert order.placed_at, "only placed orders are screened"
    assert other.placed_at, "only placed orders are screened"
    same = any(getattr(order, name) == getattr(other, name) != "" for name in _SHARED)
    return same and other.placed_at <= order.placed_at


_LOOKED_UP = {
    "order_id": "uuid",
    "placed_at": "timestamptz",
    "customer_id": "text",
    "email": "text",
    "fingerprint": "text",
}
_SHARED = ("email", "fingerprint", "customer_id")
#: Written out, for it is asked of every order. Each index gives its newest orders by itself.
_EARLIER = f"""
    select new.order_id, earlier.*
    from unnest({", ".join(f"%s::{type}[]" for type in _LOOKED_UP.values())})
        as new ({", ".join(_LOOKED_UP)})
    cross join lateral ({
    " union ".join(
        f'''(
            select {", ".join(Earlier._fields)} from fraud_screening as old
            where old.{shared} = new.{shared} and old.{shared} <> ''
                and old.placed_at <= new.placed_at and old.order_id <> all(%s::uuid[])
            order by old.placed_at desc limit {LOOK_BACK}
        )'''
        for shared in _SHARED
    )
}) as earlier
    order by new.order_id
"""
