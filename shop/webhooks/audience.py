"""Whom the shop's events are told to: each customer of their own orders, and no suspicion."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from eventbus import Event
from orders.services import customers_of
from shop.accounts.customer_ids import with_account


class OwnOrders:
    """A customer sees what happens to their own orders, as long as they have an account."""

    def owners(self, events: Sequence[Event]) -> Mapping[UUID, Collection[str]]:
        """Return by the event's id whose order it is about; nothing about those of guests."""
        orders = {event.id: order_id for event in events if (order_id := _order_of(event))}
        customers = customers_of(set(orders.values()))
        there = with_account(customers.values())
        return {
            event_id: {customer}
            for event_id, order_id in orders.items()
            if (customer := customers.get(order_id)) in there
        }

    def trimmed(self, type: str, data: dict[str, Any]) -> dict[str, Any]:
        """Leave out the card, which is a token of the processor's, and what fraud has found."""
        if "card" in data:
            data = {**data, "card": None}
        if data.get("reason") == "fraud":
            # As shoppers are told it, see `notifications.texts`.
            data = {**data, "reason": "staff", "detail": ""}
        return data


def _order_of(event: Event) -> UUID | None:
    found = getattr(event, "order_id", None)
    return found if isinstance(found, UUID) else None
