"""Adjusting a price for a while: the adjustment that occurred last counts."""

from django.db.models import Q

from catalogue.events import PriceAdjusted
from catalogue.models import Product, Variant
from catalogue.search.indexing import index


def adjust(event: PriceAdjusted) -> None:
    """Adjust the price of a variant, unless a later event has; its own price stays as it is."""
    if product_id := _lock_product(event.sku):
        is_newest = Q(price_factor_by=None) | Q(price_factor_by__lt=event.id)
        Variant.objects.filter(is_newest, sku=event.sku).update(
            price_factor=event.factor, price_factor_until=event.ends_at, price_factor_by=event.id
        )
        index([product_id])


def list_price(sku: str) -> None:
    """Show in lists what a variant costs now."""
    if product_id := _lock_product(sku):
        index([product_id])


def _lock_product(sku: str) -> int | None:
    """Lock the product before its variant, as everybody does who writes one."""
    products = Product.objects.select_for_update(no_key=True, of=("self",))
    return products.filter(variants__sku=sku).values_list("pk", flat=True).first()
