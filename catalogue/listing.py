"""Listing variants: emit that there is a new one, and list simple products in bulk."""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple, cast

from django.db import transaction
from djmoney.money import Money

from catalogue.events import Selling, SellingChanged, VariantListed
from catalogue.models import Product, Variant
from catalogue.naming import stable_name
from catalogue.signals import products_written
from eventbus import emit, emits

TITLE_LENGTH = 255


class SimpleProduct(NamedTuple):
    """A product without options: one stock code at one price, not negative."""

    sku: str
    title: str
    price: Decimal


@emits(VariantListed)
def emit_listed(variant: Variant, opening_stock: int = 0) -> None:
    """Emit that `variant` is newly on sale with `opening_stock` units, inside a transaction."""
    emit(
        VariantListed(
            sku=variant.sku,
            title=str(variant),
            price=variant.price.amount,
            currency=str(variant.price.currency),
            opening_stock=opening_stock,
            selling=_selling(variant),
        )
    )


@emits(SellingChanged)
def emit_selling(variant: Variant, stock: int | None = None) -> None:
    """Emit how `variant` is sold from now on, inside a transaction; `stock` if a file has it."""
    emit(SellingChanged(sku=variant.sku, selling=_selling(variant), opening_stock=stock))


def _selling(variant: Variant) -> Selling:
    return cast(Selling, str(variant.selling))


@transaction.atomic
def ensure_listed(items: Iterable[SimpleProduct], currency: str) -> int:
    """List those `items` whose SKU is not on sale yet, priced in `currency` (ISO 4217).

    Of several items with one SKU the first counts. A product met without a
    title is called by its SKU. Nothing is emitted: who lists in bulk brings the
    stock as well. Returns how many were not on sale yet; raises
    `IntegrityError` for a negative price.
    """
    new = _not_on_sale(items)
    if new:
        products = _products_for(new)
        variants = [
            Variant(product=products[item.sku], sku=item.sku, price=Money(item.price, currency))
            for item in new
        ]
        # A SKU listed at this very moment by somebody else stays as it is: this updates nothing.
        # (A bare "on conflict do nothing" PostgreSQL refuses because of the deferred constraint.)
        Variant.objects.bulk_create(
            variants, update_conflicts=True, unique_fields=["sku"], update_fields=["sku"]
        )
        products_written.send(sender=None, ids={product.pk for product in products.values()})
    return len(new)


def _not_on_sale(items: Iterable[SimpleProduct]) -> list[SimpleProduct]:
    by_sku: dict[str, SimpleProduct] = {}
    for item in items:
        by_sku.setdefault(item.sku, SimpleProduct(*item))
    listed = Variant.objects.filter(sku__in=by_sku).values_list("sku", flat=True)
    for sku in listed:
        del by_sku[sku]
    # In one order everywhere, so that two replays side by side cannot lock each other out.
    return [by_sku[sku] for sku in sorted(by_sku)]


def _products_for(items: list[SimpleProduct]) -> dict[str, Product]:
    """Return the product of each SKU, created where there is none."""
    handles = {item.sku: stable_name([item.sku]) for item in items}
    Product.objects.bulk_create(
        [
            Product(handle=handles[item.sku], title=(item.title or item.sku)[:TITLE_LENGTH])
            for item in items
        ],
        ignore_conflicts=True,
    )
    found = Product.objects.in_bulk(handles.values(), field_name="handle")
    return {sku: found[handle] for sku, handle in handles.items()}
