"""Promotions with their redemptions, and tax zones with their rates."""

from pricing.models.promotion import Promotion, Redemption, names_a_day
from pricing.models.tax import TaxClass, TaxRate, TaxZone

__all__ = ["Promotion", "Redemption", "TaxClass", "TaxRate", "TaxZone", "names_a_day"]
