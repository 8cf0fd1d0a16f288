"""Products as the pages offer them: in lists, and one by itself with its choices."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Exists, OuterRef, QuerySet

from shop.catalogue.models import Image, Product, Variant
from shop.storefront.stock import Stock, best, stock_of


def on_sale() -> QuerySet[Product]:
    """Products that shoppers see, with variants and pictures: three queries."""
    variants = Variant.objects.filter(product=OuterRef("pk"))
    return Product.objects.filter(Exists(variants), published=True).prefetch_related(
        "variants", "images"
    )


@dataclass(frozen=True)
class Offer:
    """A product in a list."""

    product: Product
    stock: Stock

    @cached_property
    def cheapest(self) -> Variant:
        return min(self.product.variants.all(), key=lambda variant: variant.price.amount)

    @property
    def prices_differ(self) -> bool:
        return len({variant.price for variant in self.product.variants.all()}) > 1

    @property
    def picture(self) -> Image | None:
        return next(iter(self.product.images.all()), None)


def offers(products: Iterable[Product]) -> list[Offer]:
    """The products with what is known of their stock: one query more."""
    products = list(products)
    stock = stock_of(v.sku for product in products for v in product.variants.all())
    return [
        Offer(product, best(stock[v.sku] for v in product.variants.all())) for product in products
    ]


@dataclass(frozen=True)
class Choice:
    """One value of an option, and the variant it leads to."""

    value: str
    variant: Variant
    chosen: bool
    stock: Stock


@dataclass(frozen=True)
class Page:
    """A product by itself, shown in one of its variants."""

    product: Product
    variant: Variant
    stocks: dict[str, Stock]

    @property
    def stock(self) -> Stock:
        return self.stocks[self.variant.sku]

    @cached_property
    def pictures(self) -> list[Image]:
        """The variant's own picture first, then the product's, none twice."""
        own = [i for i in self.product.images.all() if i.variant_id == self.variant.pk]
        shared = [i for i in self.product.images.all() if i.variant_id is None]
        return list({image.src: image for image in reversed(own + shared)}.values())[::-1]

    @property
    def options(self) -> list[tuple[str, list[Choice]]]:
        """Each option's name with its values, in the order of the variants."""
        return [
            (name, self._choices(at))
            for at, name in enumerate(self.product.option_names)
            if at < len(self.variant.option_values)
        ]

    def _choices(self, at: int) -> list[Choice]:
        found: dict[str, list[Variant]] = {}
        for variant in self.product.variants.all():
            for value in variant.option_values[at : at + 1]:
                found.setdefault(value, []).append(variant)
        return [self._choice(at, value, variants) for value, variants in found.items()]

    def _choice(self, at: int, value: str, variants: list[Variant]) -> Choice:
        """The value leads to the variant that is otherwise most like the present one."""
        nearest = max(variants, key=self._likeness)
        chosen = value == self.variant.option_values[at]
        return Choice(value, nearest, chosen, self.stocks[nearest.sku])

    def _likeness(self, variant: Variant) -> int:
        pairs = zip(variant.option_values, self.variant.option_values, strict=False)
        return sum(one == other for one, other in pairs)


def page(handle: str, sku: str | None = None) -> Page | None:
    """A product on sale in the variant `sku`, else in the first that is not sold out.

    None when there is no such product or variant. Four queries.
    """
    product = on_sale().select_related("category").filter(handle=handle).first()
    if product is None:
        return None
    variants = list(product.variants.all())
    stocks = stock_of(variant.sku for variant in variants)
    if sku is None:
        variant = next((v for v in variants if not stocks[v.sku].sold_out), variants[0])
        return Page(product, variant, stocks)
    named = next((v for v in variants if v.sku == sku), None)
    return Page(product, named, stocks) if named else None
