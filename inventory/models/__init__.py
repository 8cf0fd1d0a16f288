"""What inventory keeps: stock by SKU, what is held by order, and every movement of units."""

from inventory.models.hold import Hold, Reservation
from inventory.models.stock import CAME, MOST_UNITS, Movement, Receipt, Stock, Units

__all__ = ["CAME", "MOST_UNITS", "Hold", "Movement", "Receipt", "Reservation", "Stock", "Units"]
