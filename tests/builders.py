"""An order, and the event that it was placed: each test says only what matters to it."""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.utils import timezone

from orders.events import Address, Card, OrderDetails, OrderLine, OrderPlaced

ADDRESS = Address(name="Ada", line1="1 Main St", city="London", postcode="N1", country="GB")
CARD = Card(token="tok", fingerprint="fp", last4="4242", country="GB")


def order_line(line: int = 1, sku: str = "A", **changes: Any) -> OrderLine:
    """One unit at 1.00, called by its SKU unless something is said."""
    defaults = {"title": sku, "quantity": 1, "unit_price": Decimal("1.00")}
    return OrderLine(line=line, sku=sku, **{**defaults, **changes})


def order_lines(units: Iterable[tuple[str, int]], **changes: Any) -> tuple[OrderLine, ...]:
    """A line for each SKU with so many units, from 1 on."""
    return tuple(
        order_line(number, sku, quantity=quantity, **changes)
        for number, (sku, quantity) in enumerate(units, 1)
    )


def order_details(**changes: Any) -> OrderDetails:
    """A guest's order that can be placed: 2 × 10.00 and 1 × 5.50, plus 4.90 for shipping."""
    defaults = {
        "lines": (
            order_line(1, "A", title="Apple", quantity=2, unit_price=Decimal("10.00")),
            order_line(2, "B", title="Bowl", unit_price=Decimal("5.50")),
        ),
        "ship_to": ADDRESS,
        "card": CARD,
        "currency": "EUR",
        "email": "ada@example.com",
        "shipping_cost": Decimal("4.90"),
    }
    return OrderDetails(**{**defaults, **changes})


def order_placed(**changes: Any) -> OrderPlaced:
    """The same order, placed a moment ago; `total` is not reckoned from what is changed."""
    now = timezone.now()
    defaults = {
        "order_id": uuid4(),
        "number": "S-1001",
        "total": Decimal("30.40"),
        "placed_at": now,
        "expires_at": now + timedelta(days=3),
    }
    return OrderPlaced(**{**dict(order_details()), **defaults, **changes})
