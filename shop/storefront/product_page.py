"""The page of a product: the variant shown, the stock, and the options to choose from."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Exists, OuterRef, QuerySet

from catalogue.models import Image, Product, Variant, variant_title
from catalogue.stock import Stock, stock_of


def published_products() -> QuerySet[Product]:
    """Return the products that are on sale, with variants and pictures: three queries."""
    variants = Variant.objects.filter(product=OuterRef("pk"))
    return Product.objects.filter(Exists(variants), published=True).prefetch_related(
        "variants", "images"
    )


@dataclass(frozen=True)
class Choice:
    """One value of an option, and the variant it leads to."""

    value: str
    variant: Variant
    chosen: bool
    stock: Stock


@dataclass(frozen=True)
class ProductPage:
    """A product by itself, shown in one of its variants."""

    product: Product
    variant: Variant
    stocks: dict[str, Stock]

    @property
    def title(self) -> str:
        return self.title_of(self.variant)

    @property
    def stock(self) -> Stock:
        return self.stocks[self.variant.sku]

    @cached_property
    def pictures(self) -> list[Image]:
        return self.pictures_of(self.variant)

    def pictures_of(self, variant: Variant) -> list[Image]:
        """Return the variant's own picture first, then the product's, none twice."""
        own = [i for i in self.product.images.all() if i.variant_id == variant.pk]
        shared = [i for i in self.product.images.all() if i.variant_id is None]
        return list({image.src: image for image in reversed(own + shared)}.values())[::-1]

    def title_of(self, variant: Variant) -> str:
        """Return the variant's title; without a query."""
        return variant_title(self.product.title, variant.option_values)

    @property
    def options(self) -> list[tuple[str, list[Choice]]]:
        """Return each option's name with its values, in the order of the variants."""
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
        """Return a choice that leads to the variant most similar to the present one."""
        nearest = max(variants, key=self._similarity)
        chosen = value == self.variant.option_values[at]
        return Choice(value, nearest, chosen, self.stocks[nearest.sku])

    def _similarity(self, variant: Variant) -> int:
        pairs = zip(variant.option_values, self.variant.option_values, strict=False)
        return sum(one == other for one, other in pairs)


def load(handle: str, sku: str | None = None) -> ProductPage | None:
    """Load a product on sale in the variant `sku`, else in the first that is not sold out.

    Returns None when there is no such product or variant. Four queries.
    """
    product = published_products().select_related("category").filter(handle=handle).first()
    if product is None:
        return None
    variants = list(product.variants.all())
    stocks = stock_of(variant.sku for variant in variants)
    if sku is None:
        variant = next((v for v in variants if not stocks[v.sku].sold_out), variants[0])
        return ProductPage(product, variant, stocks)
    named = next((v for v in variants if v.sku == sku), None)
    return ProductPage(product, named, stocks) if named else None
