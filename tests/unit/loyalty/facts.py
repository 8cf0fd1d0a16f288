"""Facts about customers and their orders, as the other apps emit them."""

from decimal import Decimal
from uuid import UUID, uuid4

from billing.events import OrderBilled, PaymentRefunded
from orders.events import OrderCancelled, OrderPlaced, OrdersClaimed, ReturnReceived
from shop.events import UserRegistered
from tests.builders import order_placed

WHO = {"number": "S-1001", "email": "ada@example.com", "currency": "EUR"}


def registered(customer: str = "ada") -> UserRegistered:
    return UserRegistered(customer_id=customer, email="ada@example.com", name="Ada")


def placed(order_id: UUID, points: int, customer: str | None = "ada") -> OrderPlaced:
    return order_placed(
        order_id=order_id,
        customer_id=customer,
        points=points,
        points_value=Decimal(points) / 100,
        total=Decimal(100),
        **WHO,
    )


def returned(order_id: UUID, points: int) -> ReturnReceived:
    return ReturnReceived(
        order_id=order_id,
        return_id=uuid4(),
        customer_id="ada",
        lines=(),
        amount=Decimal(0),
        points=points,
        **WHO,
    )


def claimed(*order_ids: UUID, customer: str = "ada") -> OrdersClaimed:
    return OrdersClaimed(customer_id=customer, order_ids=order_ids)


def billed(order_id: UUID, total: str, customer: str | None = "ada") -> OrderBilled:
    return OrderBilled(
        order_id=order_id, invoice_number="I-1", customer_id=customer, total=Decimal(total), **WHO
    )


def refunded(
    order_id: UUID, amount: str, so_far: str, customer: str | None = "ada"
) -> PaymentRefunded:
    return PaymentRefunded(
        order_id=order_id,
        refund_id=uuid4(),
        payment_id=uuid4(),
        customer_id=customer,
        amount=Decimal(amount),
        refunded_total=Decimal(so_far),
        captured_total=Decimal(100),
        reason="return",
        **WHO,
    )


def cancelled(order_id: UUID, customer: str | None = "ada") -> OrderCancelled:
    return OrderCancelled(
        order_id=order_id,
        customer_id=customer,
        reason="customer",
        detail="",
        total=Decimal(100),
        lines=(),
        **WHO,
    )
