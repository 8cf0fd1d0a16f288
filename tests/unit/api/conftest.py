"""A small shop, asked by programs."""

import pytest

from tests.unit.api.asking import Caller
from tests.unit.storefront.conftest import available, listed


@pytest.fixture
def shop(db):
    fill_shop()


def fill_shop() -> None:
    """Mugs at 10.00 and pots at 5.50, some of each."""
    for sku, price in (("MUG", "10.00"), ("POT", "5.50")):
        listed(sku, price)
        available(sku, 20)


@pytest.fixture
def guest(shop):
    return Caller()


@pytest.fixture
def ada(shop):
    """A customer's program."""
    return Caller.of("ada@example.com")
