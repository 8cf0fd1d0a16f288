"""Counting carts: each is begun once, at the earliest of its updates, whichever came first."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from uuid import UUID

from django.db import connection

from analytics.counting import Count, Dated
from analytics.models import Cart, Name, Step
from eventbus import Event
from shop.events import CartUpdated

#: In the order of the ids, as all rows here are locked: the same in every worker.
_ADD = """
    INSERT INTO analytics_cart (cart_id, begun_at)
    SELECT * FROM unnest(%s::uuid[], %s::timestamptz[]) ORDER BY 1
    ON CONFLICT DO NOTHING RETURNING cart_id
"""


def begun(events: Iterable[Event]) -> Iterator[Dated]:
    """Count the carts that these events begin, or begin earlier than was known."""
    updated = _first_updates(events)
    if not updated:
        return
    new = _add(updated)
    yield from (_begun(updated[cart_id]) for cart_id in new)
    yield from _moved({cart_id: at for cart_id, at in updated.items() if cart_id not in new})


def _begun(at: datetime, value: int = 1) -> Dated:
    return at, Count(Name.FUNNEL, Step.CART, value=value)


def _first_updates(events: Iterable[Event]) -> dict[UUID, datetime]:
    """Return when each of the carts was first updated, by these events."""
    first: dict[UUID, datetime] = {}
    for event in events:
        if isinstance(event, CartUpdated):
            at = event.occurred_at
            first[event.cart_id] = min(at, first.get(event.cart_id, at))
    return first


def _add(updated: dict[UUID, datetime]) -> set[UUID]:
    """Keep the carts; returns the ids of those that were not known."""
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [list(updated), list(updated.values())])
        return {cart_id for (cart_id,) in cursor.fetchall()}


def _moved(updated: dict[UUID, datetime]) -> Iterator[Dated]:
    """Count known carts at an earlier time instead of the one they were counted at."""
    known = Cart.objects.filter(pk__in=list(updated)).order_by("pk").select_for_update()
    earlier = [cart for cart in known if updated[cart.pk] < cart.begun_at]
    for cart in earlier:
        yield _begun(cart.begun_at, -1)
        cart.begun_at = updated[cart.pk]
        yield _begun(cart.begun_at)
    Cart.objects.bulk_update(earlier, ["begun_at"])
