"""A cart as the pages show it: with today's prices, and what has changed since."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from hashlib import sha256
from itertools import accumulate

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from djmoney.money import Money

from catalogue.models import Image, TaxClass, Variant
from catalogue.stock import Stock, later_text, stock_of
from pricing.services import Item
from shop.storefront.cart import MOST_GOODS, order_limit_text
from shop.storefront.models import Cart, CartItem


@dataclass(frozen=True)
class Line:
    """Units of a variant; `variant` is None when it is no longer on sale."""

    item: CartItem
    variant: Variant | None
    stock: Stock
    #: what the lines before it cost
    before: Decimal = Decimal(0)

    @property
    def price(self) -> Money:
        """Today's price of one unit."""
        return self.variant.current_price if self.variant else self.item.unit_price

    @property
    def requires_shipping(self) -> bool:
        return self.variant is None or self.variant.requires_shipping

    @property
    def amount(self) -> Money:
        return self.price * self.item.quantity

    @property
    def price_changed(self) -> bool:
        return self.price != self.item.unit_price

    @property
    def picture(self) -> Image | None:
        if self.variant is None:
            return None
        pictures = list(self.variant.product.images.all())
        own = [picture for picture in pictures if picture.variant_id == self.variant.pk]
        return next(iter(own + pictures), None)

    @property
    def insufficient_stock(self) -> bool:
        """Say whether less is left than wanted; inventory decides when it is ordered."""
        return self.stock.lacks(self.item.quantity)

    @property
    def exceeds_order_limit(self) -> bool:
        """Say whether the goods up to this line cost more than those of one order may."""
        return self.before + self.amount.amount > MOST_GOODS

    @property
    def later(self) -> int:
        """Units of it that come later, as a back-order, as far as is known."""
        return self.stock.later(self.item.quantity)

    @property
    def later_text(self) -> str:
        """The same for people; empty when all of it is sent at once."""
        return later_text(self.later)

    @property
    def problem(self) -> str:
        """Why this line cannot be ordered, and the way out, for people; empty when it can."""
        if self.variant is None:
            return _("This is no longer on sale. Please take it out.")
        if self.stock.sold_out:
            return _("This has been sold out meanwhile. Please take it out.")
        if self.exceeds_order_limit:
            return order_limit_text()
        if self.insufficient_stock:
            return ngettext(
                "There is only %(count)d left. Please take fewer.",
                "There are only %(count)d left. Please take fewer.",
                self.stock.available or 0,
            ) % {"count": self.stock.available}
        return ""

    @property
    def priced(self) -> Item:
        """The line as pricing takes it."""
        return Item(
            sku=self.item.sku,
            quantity=self.item.quantity,
            unit_price=self.price.amount,
            tax_class=self.variant.tax_class if self.variant else TaxClass.ZERO,
            requires_shipping=self.requires_shipping,
        )


def lines_of(cart: Cart | None) -> list[Line]:
    """Return what is in the cart, in the order it was put there. Four queries."""
    items = list(cart.items.all()) if cart else []
    skus = [item.sku for item in items]
    variants = Variant.objects.filter(sku__in=skus, product__published=True)
    variants = variants.select_related("product").prefetch_related("product__images")
    on_sale = {variant.sku: variant for variant in variants}
    stock = stock_of(skus)
    lines = [Line(item, on_sale.get(item.sku), stock[item.sku]) for item in items]
    sums = accumulate((line.amount.amount for line in lines), initial=Decimal(0))
    return [replace(line, before=before) for line, before in zip(lines, sums, strict=False)]


def total_of(lines: Iterable[Line], currency: str) -> Money:
    """Return what the lines that are on sale cost together."""
    amounts = (line.amount.amount for line in lines if line.variant)
    return Money(sum(amounts, Decimal(0)), currency)


def fingerprint(lines: Iterable[Line]) -> str:
    """Return the same as long as the cart holds the same units of the same articles."""
    units = sorted(f"{line.item.sku}\n{line.item.quantity}" for line in lines)
    return sha256("\n".join(units).encode()).hexdigest()[:16]


def ships(lines: Iterable[Line]) -> bool:
    """Say whether any of it needs to be shipped."""
    return any(line.requires_shipping for line in lines)


def has_problems(lines: Iterable[Line]) -> bool:
    """Say whether some of it cannot be ordered."""
    return any(line.problem for line in lines)
