"""Finds orders in the event history for the console's search: by number, customer, address."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from django.urls import reverse

from billing.events import PaymentChallenged, PaymentFailed
from eventbus import mailbox
from eventbus.console.hooks import Named
from eventbus.delivery.models import OutboxEvent
from fraud.events import OrderFlagged
from orders.events import OrderCancelled, OrderCompleted, OrderHeld, OrderPlaced

#: Orders of one customer that are listed.
MOST = 200


class OrderStories:
    """The console's lookup of orders; this app has the indexes for it."""

    noun = "order"
    ends: Sequence[str] = (OrderCompleted.type, OrderCancelled.type)
    answers: Mapping[str, str] = MappingProxyType(
        {
            OrderFlagged.type: "staff to decide about fraud",
            OrderHeld.type: "staff to release it",
            PaymentChallenged.type: "the shopper to answer their bank",
            PaymentFailed.type: "the shopper to pay with another card",
        }
    )

    def subject_of(self, number: str) -> str | None:
        # Not sorted, because the index serves only unsorted rows.
        placed = OutboxEvent.objects.filter(type=OrderPlaced.type, data__number=number)[:1]
        return placed[0].subject if placed else None

    def number_in(self, rows: Iterable[OutboxEvent], subject: str) -> str | None:
        placed = (row for row in rows if row.type == OrderPlaced.type and row.subject == subject)
        return next((row.data["number"] for row in placed), None)

    def subject_behind(self, row: OutboxEvent) -> str:
        return str(row.data.get("order_id", row.subject))

    def page_of(self, subject: str, user: Any) -> str | None:
        if not user.has_perm("orders.view_order"):
            return None
        return reverse("admin:order", args=[subject])

    def of_person(self, id: str) -> list[Named]:
        return _placed(customer_id=id)

    def of_address(self, address: str) -> list[Named]:
        return _placed(email=mailbox(address))


def _placed(**data: str) -> list[Named]:
    # Not sorted by the database: the indexes on the data serve only unsorted rows.
    wanted = {f"data__{name}": value for name, value in data.items()}
    rows = OutboxEvent.objects.filter(type=OrderPlaced.type, **wanted).only(
        "data", "subject", "occurred_at"
    )[:MOST]
    found = [Named(row.data["number"], row.subject, row.occurred_at) for row in rows]
    return sorted(found, key=lambda order: order.at, reverse=True)
