"""Promotions with their redemptions, and tax zones with their rates."""

from shop.pricing.models.promotion import Promotion, Redemption
from shop.pricing.models.tax import TaxRate, TaxZone

__all__ = ["Promotion", "Redemption", "TaxRate", "TaxZone"]
