"""From the rows of one handle to a sound product, or to all that is wrong with it."""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from shop.catalogue.models import Category, Image, Product, Variant
from shop.catalogue.naming import stable_name
from shop.catalogue.shopify import cells
from shop.catalogue.shopify.columns import (
    MARKS_OF_A_VARIANT,
    OPTION_NAMES,
    OPTION_VALUES,
    Column,
)
from shop.catalogue.shopify.drafts import ImageDraft, ProductDraft, VariantDraft
from shop.catalogue.shopify.reading import Row
from shop.catalogue.shopify.report import Problem

Value = TypeVar("Value")
Reader = Callable[[str], Any]

PRODUCT_FIELDS: dict[str, tuple[Column, Reader]] = {
    "title": (Column.TITLE, cells.needed(cells.text_for(Product, "title"))),
    "body": (Column.BODY, cells.html),
    "vendor": (Column.VENDOR, cells.text_for(Product, "vendor")),
    "type": (Column.TYPE, cells.text_for(Product, "type")),
    "tags": (Column.TAGS, cells.tags),
    "seo_title": (Column.SEO_TITLE, cells.text_for(Product, "seo_title")),
    "seo_description": (Column.SEO_DESCRIPTION, cells.long_text),
}
VARIANT_FIELDS: dict[str, tuple[Column, Reader]] = {
    "price": (Column.PRICE, cells.price),
    "compare_at_price": (Column.COMPARE_AT_PRICE, cells.former_price),
    "barcode": (Column.BARCODE, cells.code),
    "grams": (Column.GRAMS, cells.grams),
    "taxable": (Column.TAXABLE, cells.yes_or_no),
    "requires_shipping": (Column.REQUIRES_SHIPPING, cells.yes_or_no),
}
read_handle = cells.needed(cells.handle)
read_sku = cells.text_for(Variant, "sku")
read_option_name = cells.text_for(Product, "title")
read_category = cells.text_for(Category, "name")
read_src = cells.text_for(Image, "src")


class UnsoundProduct(Exception):
    """The product cannot go in; `problems` says why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems


def draft_product(rows: list[Row]) -> ProductDraft:
    """The product that these rows, all of one handle, describe.

    Raises `UnsoundProduct` with every problem found in them.
    """
    return _Drafting(rows).draft()


class _Drafting:
    """The judging of one product: reads its cells and keeps what is wrong with them."""

    def __init__(self, rows: list[Row]) -> None:
        self.rows = rows
        self.handle = rows[0][Column.HANDLE]
        self.main = next((row for row in rows if row[Column.TITLE]), rows[0])
        self.problems: list[Problem] = []

