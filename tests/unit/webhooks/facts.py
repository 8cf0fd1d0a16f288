"""Orders of people with accounts, what happens to them, and who wants to know."""

import json
from decimal import Decimal

from django.contrib.auth.models import User

from eventbus import registry, testing
from eventbus.bridges.webhooks import services
from eventbus.bridges.webhooks.models import Message, Subscription
from eventbus.testing import emit
from orders.events import OrderCancelled, OrderCompleted
from orders.models import Order
from orders.services import place_order
from shop.accounts import customer_id
from tests.builders import order_details
from tests.unit.storefront.people import account

#: Who owns what is the house's own.
HOUSE = ""
PLACED, COMPLETED, CANCELLED = (
    "orders.OrderPlaced",
    "orders.OrderCompleted",
    "orders.OrderCancelled",
)


def order_of(email: str = "") -> Order:
    """Place an order of somebody, who has an account then; without an address of a guest."""
    known = User.objects.filter(email=email).first() if email else None
    mine = customer_id(known or account(email)) if email else ""
    return place_order(order_details(customer_id=mine or None, email=email or "guest@example.com"))


def complete(order: Order) -> None:
    emit(
        OrderCompleted(
            order_id=order.pk,
            number=order.number,
            customer_id=order.customer_id or None,
            total=Decimal(1),
            currency="EUR",
        )
    )


def cancel(order: Order, reason: str) -> None:
    emit(
        OrderCancelled(
            order_id=order.pk,
            number=order.number,
            customer_id=order.customer_id or None,
            email=order.email,
            reason=reason,
            detail="what exactly happened",
            total=Decimal(1),
            currency="EUR",
            lines=(),
        )
    )


def subscribed(receiver, owner: str = HOUSE, types=(PLACED, COMPLETED), **more) -> Subscription:
    """A receiver's subscription; its secret is in `secret_of`."""
    subscription, secret = services.subscribe(owner, receiver.url, list(types), **more)
    secret_of[subscription.pk] = secret
    return subscription


secret_of: dict[object, str] = {}


def settle(*also: str, scheduled: bool = False) -> None:
    """Let webhooks and other apps do what is due; `scheduled`: also what is due later."""
    off = set(registry.apps_with_reactions()) - {"webhooks", *also}
    testing.settle(but=sorted(off), scheduled=scheduled)


def told(receiver) -> list[dict]:
    """What a receiver was sent, as JSON."""
    return [json.loads(got.body) for got in receiver.received]


def types_told(receiver) -> list[str]:
    return [each["type"] for each in told(receiver)]


def states() -> list[str]:
    return list(Message.objects.order_by("event_id").values_list("state", flat=True))
