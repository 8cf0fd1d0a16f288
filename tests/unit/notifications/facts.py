"""An example of each fact that makes the shop write a mail."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

from django.utils import timezone

from billing.events import (
    DisputeClosed,
    OrderBilled,
    PaymentChallenged,
    PaymentDisputed,
    PaymentFailed,
    PaymentRefunded,
    RefundFailed,
)
from eventbus import registry
from eventbus.console.events import AlertEnded, AlertRaised
from eventbus.testing import settle
from fraud.events import OrderFlagged
from inventory.events import InventoryUpdated, StockLevel, StockLow
from orders.events import (
    CancellationRefused,
    OrderCancelled,
    OrderLine,
    OrderPlaced,
    OrderReduced,
    ReturnApproved,
    ReturnedLine,
    ReturnReceived,
    ReturnRefused,
    ReturnRequested,
)
from shipping.events import OrderDelivered, OrderShipped, ShippedLine
from shop.events import (
    AccountMailRequested,
    BackInStockAlertRequested,
    CartLine,
    CartUpdated,
    CustomerErased,
    UserRegistered,
)
from shop.webhooks.events import WebhookDisabled
from tests.builders import ADDRESS, order_placed

ADA = "ada@example.com"
ORDER = {"order_id": uuid4(), "number": "S-1001", "email": ADA}
CUSTOMER = {"customer_id": "c-1"}
PAYMENT = {"payment_id": uuid4(), "amount": Decimal("1234.50"), "currency": "EUR"}
LINES = (
    OrderLine(line=1, sku="MUG", title="Mug <blue>", quantity=2, unit_price=Decimal("7.50")),
    OrderLine(line=2, sku="TEA", title="Tea & honey", quantity=1, unit_price=Decimal("4.00")),
)


def registered() -> UserRegistered:
    return UserRegistered(customer_id="c-1", email=ADA, name="Ada <b>")


def placed(email: str = ADA, cart_id: UUID | None = None) -> OrderPlaced:
    return order_placed(
        **{**ORDER, "email": email},
        **CUSTOMER,
        cart_id=cart_id,
        lines=LINES,
        shipping_cost=Decimal("4.95"),
        total=Decimal("23.95"),
        ship_to=ADDRESS.model_copy(update={"name": "Ada L.", "postcode": "E1 1AA"}),
    )


def challenged() -> PaymentChallenged:
    return PaymentChallenged(**ORDER, **PAYMENT)


def refused(within: timedelta | None = timedelta(hours=2)) -> PaymentFailed:
    """`within`: how long the shopper may still pay with another card; None: not at all."""
    return PaymentFailed(
        **ORDER,
        **PAYMENT,
        code="insufficient_funds",
        reason="There is not enough money on the account.",
        pay_until=within and timezone.now() + within,
    )


def billed() -> OrderBilled:
    return OrderBilled(
        **ORDER, **CUSTOMER, invoice_number="I-77", total=Decimal("23.95"), currency="EUR"
    )


def shipped(complete: bool = True) -> OrderShipped:
    return OrderShipped(
        **ORDER,
        parcel_id=uuid4(),
        carrier="Sandbox Carrier",
        tracking_number="SB42",
        lines=(ShippedLine(sku="MUG", title="Mug <blue>", quantity=2),),
        complete=complete,
    )


def delivered(complete: bool = True) -> OrderDelivered:
    return OrderDelivered(**ORDER, parcel_id=uuid4(), tracking_number="SB42", complete=complete)


def cancelled(reason: str = "out_of_stock") -> OrderCancelled:
    return OrderCancelled(
        **ORDER,
        **CUSTOMER,
        reason=reason,
        detail="internal: score 97, fraud",
        total=Decimal("23.95"),
        currency="EUR",
        lines=LINES,
    )


def reduced(reason: str = "customer") -> OrderReduced:
    line = ReturnedLine(line=1, sku="MUG", title="Mug <blue>", quantity=1, amount=Decimal("7.50"))
    return OrderReduced(
        **ORDER,
        **CUSTOMER,
        reason=reason,
        lines=(line,),
        amount=line.amount,
        points=5,
        currency="EUR",
    )


def cancellation_refused() -> CancellationRefused:
    return CancellationRefused(**ORDER, reason="customer")


def refunded() -> PaymentRefunded:
    return PaymentRefunded(
        **ORDER,
        **CUSTOMER,
        **{**PAYMENT, "amount": Decimal("7.50")},
        refund_id=uuid4(),
        refunded_total=Decimal("11.50"),
        captured_total=Decimal("23.95"),
        reason="return",
    )


def returned() -> ReturnReceived:
    return ReturnReceived(
        **ORDER,
        **CUSTOMER,
        return_id=uuid4(),
        lines=(ReturnedLine(line=1, sku="MUG", quantity=1, amount=Decimal("7.50")),),
        amount=Decimal("7.50"),
        currency="EUR",
    )


BACK = {
    **ORDER,
    "return_id": uuid4(),
    "lines": (
        ReturnedLine(line=1, sku="MUG", title="Mug <blue>", quantity=1, amount=Decimal("7.50")),
    ),
}


def return_requested() -> ReturnRequested:
    return ReturnRequested(**BACK, **CUSTOMER, reason="It is broken")


def return_approved() -> ReturnApproved:
    return ReturnApproved(**BACK)


def return_refused() -> ReturnRefused:
    return ReturnRefused(**ORDER, return_id=uuid4(), reason="It was used for months.")


def account_mail(kind: str) -> AccountMailRequested:
    return AccountMailRequested(email=ADA, kind=kind, link="https://shop.example/key/abc-1/")


def wanted(email: str = ADA, language: str = "en") -> BackInStockAlertRequested:
    return BackInStockAlertRequested(
        sku="LAMP",
        email=email,
        title="Lamp <tall>",
        url="https://shop.example/lamp/",
        language=language,
    )


def stocked(available: int, revision: int = 1) -> InventoryUpdated:
    level = StockLevel(sku="LAMP", available=available, revision=revision)
    return InventoryUpdated(change_id=uuid4(), reason="delivery", levels=(level,))


def erased(*order_ids: UUID, email: str = ADA, carts: tuple[UUID, ...] = ()) -> CustomerErased:
    return CustomerErased(customer_id="c-1", email=email, order_ids=order_ids, cart_ids=carts)


def stock_low() -> StockLow:
    return StockLow(sku="TEA", available=3, threshold=5)


DISPUTE = {"order_id": ORDER["order_id"], "number": "S-1001", "dispute": "du_77", **PAYMENT}


def disputed(withheld: bool = True) -> PaymentDisputed:
    return PaymentDisputed(**DISPUTE, reason="product_not_received", withheld=withheld)


def dispute_closed(won: bool = False) -> DisputeClosed:
    return DisputeClosed(**DISPUTE, won=won)


def refund_failed() -> RefundFailed:
    return RefundFailed(
        **ORDER,
        **CUSTOMER,
        **PAYMENT,
        refund_id=uuid4(),
        refunded_total=Decimal(0),
        captured_total=Decimal("1234.50"),
        reason="Ada Lovelace rang",
        revision=2,
    )


def alert() -> AlertRaised:
    message = "billing: 3 parked, which needs a person"
    began = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
    return AlertRaised(
        alert_id=uuid4(), rule="parked", about="billing", message=message, began_at=began
    )


def alert_over() -> AlertEnded:
    ended = datetime(2026, 5, 4, 9, 45, tzinfo=UTC)
    return AlertEnded(**alert().model_dump(), ended_at=ended)


def webhook_disabled(gone: bool = False) -> WebhookDisabled:
    return WebhookDisabled(customer_id="c-1", email=ADA, host="receiver.example", gone=gone)


def flagged() -> OrderFlagged:
    return OrderFlagged(
        order_id=uuid4(), number="S-1001", score=61, reasons=("new card", "far away")
    )


def cart(cart_id: UUID, revision: int, *, units: int = 1, email: str | None = ADA) -> CartUpdated:
    """A cart's state with so many mugs; none: an empty cart."""
    line = CartLine(sku="MUG", title="Mug", quantity=units, unit_price=Decimal("7.50"))
    return CartUpdated(
        cart_id=cart_id,
        revision=revision,
        customer_id=None,
        email=email,
        lines=(line,) if units else (),
        total=Decimal("7.50") * units,
        currency="EUR",
    )


def time_passes() -> None:
    """Every scheduled event comes due, notifications being the only app that is on."""
    others = [app for app in registry.apps_with_reactions() if app != "notifications"]
    settle(scheduled=True, but=others)
