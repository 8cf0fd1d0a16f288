"""What inventory keeps: stock by SKU, what is held by order, and every movement of units."""

from inventory.models.hold import Hold, Reservation
from inventory.models.stock import MOST_UNITS, Movement, Receipt, Stock, Units

__all__ = ["MOST_UNITS", "Hold", "Movement", "Receipt", "Reservation", "Stock", "Units"]
