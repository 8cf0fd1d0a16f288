"""Facts about customers and their orders, as the other apps state them."""

from decimal import Decimal
from uuid import UUID, uuid4

from billing.events import OrderBilled, PaymentRefunded
from orders.events import OrderCancelled
from shop.events import UserRegistered

WHO = {"number": "S-1001", "email": "ada@example.com", "currency": "EUR"}


def registered(customer: str = "ada") -> UserRegistered:
    return UserRegistered(customer_id=customer, email="ada@example.com", name="Ada")


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
