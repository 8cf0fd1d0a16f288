"""A product of the file, judged sound, before it goes into the catalogue."""

from dataclasses import dataclass, replace
from typing import Any

from catalogue.models import Selling


@dataclass(frozen=True, slots=True)
class StockDraft:
    """What the file says of a variant's stock; None where it says nothing."""

    tracked: bool | None
    sold_without: bool | None
    units: int | None

    def selling(self, now: str | None = None) -> Selling:
        """Return what stock means for the variant, which is sold like `now` if it is there already.

        Unknown, unlimited and none are three things.
        """
        if not (now != Selling.UNTRACKED if self.tracked is None else self.tracked):
            return Selling.UNTRACKED
        if now == Selling.BACKORDER if self.sold_without is None else self.sold_without:
            return Selling.BACKORDER
        counted = self.units is not None or now in (Selling.TRACKED, Selling.BACKORDER)
        return Selling.TRACKED if counted else Selling.UNCOUNTED


@dataclass(frozen=True, slots=True)
class VariantDraft:
    """A variant: `fields` are what the file says of it, by the names of the model.

    What the file has no column for is not among the fields, and stays as it is.
    `plain_sku` is its SKU in the file, `sku` the key that is its own. `picture` is where its
    own picture is, "" for none.
    """

    line: int
    plain_sku: str
    sku: str
    fields: dict[str, Any]
    stock: StockDraft
    picture: str

    def under(self, key: str) -> "VariantDraft":
        """Return the same variant under this key."""
        shared = "" if key == self.plain_sku else self.plain_sku
        return replace(self, sku=key, fields=self.fields | {"shared_sku": shared})


@dataclass(frozen=True, slots=True)
class ImageDraft:
    """A picture of the product, or of its variant with this SKU."""

    src: str
    alt: str
    position: int
    sku: str | None = None


@dataclass(frozen=True, slots=True)
class ProductDraft:
    """A product with its variants and pictures.

    `category` is the name of its category, "" for none; it is None, as is
    `images`, where the file has no column for them.
    """

    line: int
    handle: str
    fields: dict[str, Any]
    category: str | None
    variants: list[VariantDraft]
    images: list[ImageDraft] | None
