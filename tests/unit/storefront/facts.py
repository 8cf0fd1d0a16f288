"""What other apps emit about one order, and what its page then shows."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from billing import decline_reasons
from billing import events as billing
from eventbus import Event
from eventbus.testing import given, redeliver
from fraud.events import OrderCleared, OrderFlagged, OrderRefused
from inventory.events import HeldLine, Shortage, StockRejected, StockReserved
from loyalty.events import PointsRedeemed
from orders.models import Order
from shipping import events as shipping
from shop.storefront.progress import Step, load

TOTAL = Decimal("30.40")
PAID = ("reserved", "authorized", "cleared", "captured", "billed")
DELIVERED = (*PAID, "shipped", "delivered")


class Facts:
    """What other apps emit about one order."""

    def __init__(self, order: Order) -> None:
        self.id = order.pk
        self.who = {"number": order.number, "email": order.email}
        self.payment = {"payment_id": uuid4(), "amount": TOTAL, "currency": "EUR"}
        self.parcel = {"parcel_id": uuid4(), "tracking_number": "TRACK-1"}

    def reserved(self) -> Event:
        return StockReserved(order_id=self.id, lines=(HeldLine(sku="MUG", quantity=2),))

    def short(self) -> Event:
        shortage = Shortage(sku="MUG", wanted=2, available=1)
        return StockRejected(order_id=self.id, shortages=(shortage,))

    def authorized(self) -> Event:
        return billing.PaymentAuthorized(order_id=self.id, **self.payment)

    def challenged(self, url: str = "") -> Event:
        return billing.PaymentChallenged(order_id=self.id, url=url, **self.who, **self.payment)

    def declined(self, *, code: str = "card_declined", until: datetime | None = None) -> Event:
        said = decline_reasons.declined(code, "The processor says no.").reason
        why = {"code": code, "reason": said, "pay_until": until}
        return billing.PaymentFailed(order_id=self.id, **self.who, **self.payment, **why)

    def declined_for_now(self) -> Event:
        return self.declined(until=timezone.now() + timedelta(hours=1))

    def voided(self) -> Event:
        return billing.PaymentVoided(order_id=self.id, **self.payment)

    def points_redeemed(self) -> Event:
        return PointsRedeemed(customer_id="7", order_id=self.id, points=100, balance=0, revision=2)

    def cleared(self) -> Event:
        return OrderCleared(order_id=self.id, number="S-1001", score=0, reasons=())

    def flagged(self) -> Event:
        return OrderFlagged(order_id=self.id, number="S-1001", score=60, reasons=("odd",))

    def refused(self) -> Event:
        return OrderRefused(order_id=self.id, number="S-1001", score=95, reasons=("secret rule",))

    def captured(self) -> Event:
        return billing.PaymentCompleted(order_id=self.id, **self.payment)

    def billed(self) -> Event:
        money = {"total": TOTAL, "currency": "EUR"}
        return billing.OrderBilled(
            order_id=self.id, customer_id=None, invoice_number="I-1", **self.who, **money
        )

    def shipped(self, complete: bool = True) -> Event:
        line = shipping.ShippedLine(sku="MUG", quantity=2)
        return shipping.OrderShipped(
            order_id=self.id,
            carrier="Carrier",
            lines=(line,),
            complete=complete,
            **self.who,
            **self.parcel,
        )

    def delivered(self) -> Event:
        return shipping.OrderDelivered(order_id=self.id, complete=True, **self.who, **self.parcel)

    def stopped(self) -> Event:
        return shipping.ShipmentStopped(order_id=self.id)

    def refunded(self, amount: str) -> Event:
        payment = {**self.payment, "amount": Decimal(amount)}
        return billing.PaymentRefunded(
            order_id=self.id,
            customer_id=None,
            refund_id=uuid4(),
            refunded_total=Decimal(amount),
            captured_total=TOTAL,
            reason="because",
            **self.who,
            **payment,
        )


def happened(facts: Facts, *names: str) -> None:
    """The facts of these names become known to orders and to the shop."""
    known(*(getattr(facts, name)() for name in names))


def known(*events: Event) -> None:
    """These facts become known to orders and to the shop."""
    for event in events:
        given(event, to="orders")
        redeliver(event, to="shop")


def step(order: Order, key: str) -> Step:
    """The step of this key."""
    return next(step for step in load(order.pk).steps if step.key == key)


def step_states(order: Order) -> dict[str, str]:
    """Each step's key and look."""
    return {step.key: step.state for step in load(order.pk).steps}


def page_of(order_id: UUID) -> str:
    return f"/orders/{order_id}/"


def text(client: Any, order: Order) -> str:
    """The order's page as HTML."""
    return client.get(page_of(order.pk)).content.decode()
