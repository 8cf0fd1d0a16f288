"""The whole way of a product file into the catalogue."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from django.db.models import Count

from catalogue.models import Product
from catalogue.shopify.columns import Column
from catalogue.shopify.drafting import draft_product
from catalogue.shopify.drafts import ProductDraft
from catalogue.shopify.findings import UnsoundProduct
from catalogue.shopify.owning import Claims
from catalogue.shopify.reading import Row, read_rows
from catalogue.shopify.report import Outcome, Report
from catalogue.shopify.storing import store

#: Variants to a transaction: enough to write in bulk, few enough to lock briefly.
BATCH = 1000

Progress = Callable[[list[list[Row]]], Iterable[list[Row]]]


def import_products(path: Path, progress: Progress = iter, only_new: bool = False) -> Report:
    """Make the catalogue hold the products of the Shopify product file at `path`.

    A product with anything wrong is left out as a whole and reported; all
    others go in, each wholly. A product that is there already becomes as the
    file says, variants and pictures included. Every new variant is emitted as
    `VariantListed`, and what stock means for one, where that changed, as
    `SellingChanged`. `progress` may wrap the list of products to show how far
    the work has come; `only_new` leaves products alone that are there already.

    Raises `UnreadableFile` when the file cannot be taken as a whole.
    """
    rows = read_rows(path)
    idle = list(dict.fromkeys(name for row in rows for name in row.idle))
    report = Report(labels=rows[0].labels if rows else {}, idle=idle)
    products = _by_handle(rows)
    claims = Claims(products)
    if only_new:
        _leave_known_alone(products, report)
    drafts = list(_sound_drafts(progress(list(products.values())), report))
    claims.going_in = {draft.handle for draft in drafts}
    for batch in _batches(drafts):
        store(batch, report, claims)
    return report


def _by_handle(rows: list[Row]) -> dict[str, list[Row]]:
    products: dict[str, list[Row]] = {}
    for row in rows:
        products.setdefault(row[Column.HANDLE], []).append(row)
    return products


def _leave_known_alone(products: dict[str, list[Row]], report: Report) -> None:
    # PostgreSQL does not take a NUL character even in a question.
    handles = [handle for handle in products if "\0" not in handle]
    known = Product.objects.filter(handle__in=handles).annotate(count=Count("variants"))
    for handle, variants in known.values_list("handle", "count"):
        del products[handle]
        report.went_in(Outcome.UNCHANGED, variants)


def _sound_drafts(products: Iterable[list[Row]], report: Report) -> Iterator[ProductDraft]:
    for rows in products:
        try:
            yield draft_product(rows)
        except UnsoundProduct as unsound:
            report.leave_out(unsound.problems)


def _batches(drafts: Iterable[ProductDraft]) -> Iterator[list[ProductDraft]]:
    batch: list[ProductDraft] = []
    size = 0
    for draft in drafts:
        batch.append(draft)
        size += len(draft.variants)
        if size >= BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
