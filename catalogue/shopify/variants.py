"""The variants of a product: their options, SKUs, prices and stock."""

from collections import Counter
from collections.abc import Sequence

from django.conf import settings

from catalogue.models import Product, Variant
from catalogue.naming import stable_name
from catalogue.shopify import cells
from catalogue.shopify.columns import MARKS_OF_A_VARIANT, OPTION_NAMES, OPTION_VALUES, Column
from catalogue.shopify.drafts import StockDraft, VariantDraft
from catalogue.shopify.findings import Findings
from catalogue.shopify.pictures import read_src
from catalogue.shopify.reading import Row

FIELDS = {
    "price": (Column.PRICE, cells.price),
    "compare_at_price": (Column.COMPARE_AT_PRICE, cells.former_price),
    "barcode": (Column.BARCODE, cells.both(cells.code, cells.text_for(Variant, "barcode"))),
    "grams": (Column.GRAMS, cells.grams),
    "taxable": (Column.TAXABLE, cells.yes_or_no),
    "requires_shipping": (Column.REQUIRES_SHIPPING, cells.yes_or_no),
}
read_sku = cells.both(cells.sku, cells.text_for(Variant, "sku"))
read_option_name = cells.text_in_list_for(Product, "option_names")
read_option_value = cells.text_in_list_for(Variant, "option_values")

#: How Shopify writes a product that comes in one variant only.
ONLY_OPTION, ONLY_VALUE = "Title", "Default Title"


def option_names(found: Findings, rows: list[Row]) -> list[str]:
    """Return what the variants differ in: given once, wherever; nothing for one variant."""
    if _comes_in_one_variant(rows):
        return []
    used = [
        number
        for number, (name, value) in enumerate(zip(OPTION_NAMES, OPTION_VALUES, strict=True), 1)
        if any(row[name] or row[value] for row in rows)
    ]
    return [_option_name(found, rows, column) for column in OPTION_NAMES[: max(used)]]


def draft_variants(
    found: Findings, rows: list[Row], main: Row, names: list[str]
) -> list[VariantDraft]:
    """Return a variant for each row that describes one; the product's `main` row always does."""
    described = [
        row for row in rows if row is main or any(row[mark] for mark in MARKS_OF_A_VARIANT)
    ]
    variants = [
        _variant(found, row, names, position) for position, row in enumerate(described, start=1)
    ]
    _refuse_repetitions(found, described, variants)
    return _told_apart(found.handle, variants)


def _comes_in_one_variant(rows: list[Row]) -> bool:
    usual = {
        Column.OPTION1_NAME: {"", ONLY_OPTION},
        Column.OPTION1_VALUE: {"", ONLY_VALUE},
    }
    columns = (*OPTION_NAMES, *OPTION_VALUES)
    return all(row[column] in usual.get(column, {""}) for row in rows for column in columns)


def _option_name(found: Findings, rows: list[Row], column: Column) -> str:
    row = next((row for row in rows if row[column]), rows[0])
    return found.read(row, column, cells.needed(read_option_name)) or ""


def _variant(found: Findings, row: Row, names: list[str], position: int) -> VariantDraft:
    values = [
        found.read(row, column, cells.needed(read_option_value)) or ""
        for column in OPTION_VALUES[: len(names)]
    ]
    fields = {
        field: found.read(row, column, reader)
        for field, (column, reader) in FIELDS.items()
        if row.has(column)
    }
    sku = found.read(row, Column.SKU, read_sku) or derived_sku(found.handle, values)
    return VariantDraft(
        line=row.line,
        plain_sku=sku,
        sku=sku,
        fields={
            **fields,
            "currency": settings.DEFAULT_CURRENCY,
            "option_values": values,
            "position": position,
        },
        stock=_stock(found, row),
        picture=found.read(row, Column.VARIANT_IMAGE, read_src) or "",
    )


def derived_sku(handle: str, option_values: list[str]) -> str:
    """Return the SKU of a variant that came without one: the same at every import."""
    return stable_name([handle, *option_values]).upper()


def shared_key(sku: str, handle: str, option_values: Sequence[str]) -> str:
    """Return the key of a variant whose SKU others have too: the same at every import."""
    return stable_name([sku, handle, *option_values]).upper()


def _told_apart(handle: str, variants: list[VariantDraft]) -> list[VariantDraft]:
    """Return the same, with a key of its own for each that shares its SKU."""
    counts = Counter(variant.sku for variant in variants)
    return [
        variant.under(shared_key(variant.sku, handle, variant.fields["option_values"]))
        if counts[variant.sku] > 1
        else variant
        for variant in variants
    ]


def _stock(found: Findings, row: Row) -> StockDraft:
    sold_without = found.read(row, Column.POLICY, cells.sells_when_out_of_stock)
    return StockDraft(
        tracked=bool(row[Column.TRACKER]) if row.has(Column.TRACKER) else None,
        sold_without=sold_without if row.has(Column.POLICY) else None,
        units=found.read(row, Column.QUANTITY, cells.stock),
    )


def _refuse_repetitions(found: Findings, rows: list[Row], variants: list[VariantDraft]) -> None:
    options: dict[tuple[str, ...], int] = {}
    for row, variant in zip(rows, variants, strict=True):
        first = options.setdefault(tuple(variant.fields["option_values"]), row.line)
        if first != row.line:
            found.add(row, Column.OPTION1_VALUE, f"the options repeat those of line {first}")
