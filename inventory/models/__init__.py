"""The tables of inventory: stock by SKU, reservations by order, and every movement of units."""

from inventory.models.stock import MOST_UNITS, Effect, Movement, Receipt, Stock, Units
from inventory.models.stock_reservation import ReservationLine, StockReservation

__all__ = [
    "MOST_UNITS",
    "Effect",
    "Movement",
    "Receipt",
    "ReservationLine",
    "Stock",
    "StockReservation",
    "Units",
]
