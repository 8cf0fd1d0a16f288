"""From the rows of one handle to a sound product, or to all that is wrong with it."""

from typing import Any

from catalogue.models import Category, Product
from catalogue.shopify import cells
from catalogue.shopify.columns import Column
from catalogue.shopify.drafts import ProductDraft
from catalogue.shopify.findings import Findings
from catalogue.shopify.pictures import draft_images
from catalogue.shopify.reading import Row
from catalogue.shopify.variants import draft_variants, option_names

FIELDS = {
    "title": (Column.TITLE, cells.needed(cells.text_for(Product, "title"))),
    "body": (Column.BODY, cells.html),
    "vendor": (Column.VENDOR, cells.text_for(Product, "vendor")),
    "type": (Column.TYPE, cells.text_for(Product, "type")),
    "tags": (Column.TAGS, cells.tags),
    "seo_title": (Column.SEO_TITLE, cells.text_for(Product, "seo_title")),
    "seo_description": (Column.SEO_DESCRIPTION, cells.long_text),
}
SHOWN = {Column.PUBLISHED: cells.published, Column.STATUS: cells.status}
read_handle = cells.needed(cells.both(cells.text_for(Product, "handle"), cells.part_of_address))
read_category = cells.text_for(Category, "name")

#: What Shopify writes for a product nobody has put into a category.
NO_CATEGORY = "Uncategorized"


def draft_product(rows: list[Row]) -> ProductDraft:
    """Return the product that these rows, all of one handle, describe.

    Raises `UnsoundProduct` with every problem found in them.
    """
    handle = rows[0][Column.HANDLE]
    found = Findings(handle)
    found.read(rows[0], Column.HANDLE, read_handle)
    main = _main_row(rows)
    names = option_names(found, rows)
    variants = draft_variants(found, rows, main, names)
    draft = ProductDraft(
        line=main.line,
        handle=handle,
        fields=_fields(found, main) | {"option_names": names},
        category=_category(found, main),
        variants=variants,
        images=draft_images(found, rows, variants),
    )
    _refuse_surplus_cells(found, rows)
    found.conclude()
    return draft


def _main_row(rows: list[Row]) -> Row:
    """Return the row that describes the product itself: the first with a title."""
    return next((row for row in rows if row[Column.TITLE]), rows[0])


def _fields(found: Findings, main: Row) -> dict[str, Any]:
    fields = {
        field: found.read(main, column, reader)
        for field, (column, reader) in FIELDS.items()
        if main.has(column)
    }
    shown = [found.read(main, column, SHOWN[column]) for column in SHOWN if main.has(column)]
    return fields | ({"published": all(shown)} if shown else {})


def _category(found: Findings, main: Row) -> str | None:
    """Return the shop's own type, or else the last part of Shopify's category."""
    if not (main.has(Column.TYPE) or main.has(Column.CATEGORY)):
        return None
    if main[Column.TYPE]:
        return main[Column.TYPE]
    name = found.read(main, Column.CATEGORY, lambda cell: read_category(_last_part(cell)))
    return "" if name == NO_CATEGORY else name


def _last_part(category: str) -> str:
    return category.rpartition(">")[2].strip()


def _refuse_surplus_cells(found: Findings, rows: list[Row]) -> None:
    for row in rows:
        if row.surplus:
            found.add(row, None, "has more cells than there are columns")
