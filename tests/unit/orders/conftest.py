"""An order to work with."""

import pytest

from orders.events import OrderDetails
from tests.builders import order_details


@pytest.fixture
def details() -> OrderDetails:
    return order_details()
