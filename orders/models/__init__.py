"""The tables of the orders app: orders and their lines, and what goes back of them."""

from orders.models.line import OrderLine
from orders.models.order import Order
from orders.models.returns import (
    Return,
    ReturnLine,
    lines_with_units_back,
    returnable,
)
from orders.models.state import State

__all__ = [
    "Order",
    "OrderLine",
    "Return",
    "ReturnLine",
    "State",
    "lines_with_units_back",
    "returnable",
]
