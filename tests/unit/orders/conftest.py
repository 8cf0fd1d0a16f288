"""An order to work with."""

from decimal import Decimal

import pytest

from orders.events import Address, Card, OrderLine
from orders.services import Draft

ADDRESS = Address(name="Ada", line1="1 Main St", city="London", postcode="N1", country="GB")
CARD = Card(token="tok", fingerprint="fp", last4="4242", country="GB")


def make_draft(**changes) -> Draft:
    """A valid draft: two lines, 2 × 10.00 and 1 × 5.50, plus 4.90 for shipping."""
    lines = (
        OrderLine(line=1, sku="A", title="Apple", quantity=2, unit_price=Decimal("10.00")),
        OrderLine(line=2, sku="B", title="Bowl", quantity=1, unit_price=Decimal("5.50")),
    )
    defaults = {
        "lines": lines,
        "ship_to": ADDRESS,
        "card": CARD,
        "currency": "GBP",
        "email": "ada@example.com",
        "shipping_cost": Decimal("4.90"),
    }
    return Draft(**{**defaults, **changes})


@pytest.fixture
def draft() -> Draft:
    return make_draft()
