"""A product of the file, judged sound, before it goes into the catalogue."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class VariantDraft:
    """A variant: `fields` are what the file says of it, by the names of the model.

    What the file has no column for is not among the fields, and stays as it is.
    `picture` is where its own picture is, "" for none.
    """

    line: int
    sku: str
    fields: dict[str, Any]
    opening_stock: int
    picture: str


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
