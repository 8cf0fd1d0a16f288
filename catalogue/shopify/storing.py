"""From sound drafts to the catalogue: many products to a transaction, each wholly or not at all."""

from django.db import IntegrityError, connection, transaction

from catalogue.listing import emit_listed, emit_selling
from catalogue.models import Image, Product, Selling, Variant
from catalogue.shopify.categories import category_ids
from catalogue.shopify.changes import Changes
from catalogue.shopify.drafts import ProductDraft, VariantDraft
from catalogue.shopify.entries import Entry, entries_for
from catalogue.shopify.owning import Claims, Settled, settle
from catalogue.shopify.report import Problem, Remark, Report
from catalogue.signals import writing_in_bulk


def store(drafts: list[ProductDraft], report: Report, claims: Claims) -> None:
    """Put these products into the catalogue in one transaction, and count them in `report`.

    When the database refuses them together, as it does when somebody else
    lists the same at this moment, each goes in by itself.
    """
    try:
        with transaction.atomic():
            _wait_for_other_imports()
            settled = settle(drafts, claims)
            entries = _put(settled)
    except IntegrityError as error:
        _store_one_by_one(drafts, report, claims, error)
    else:
        for problems in settled.refused.values():
            report.leave_out(problems)
        for entry in entries:
            report.went_in(entry.outcome, len(entry.draft.variants))
            _remark(entry, settled, report)


def _remark(entry: Entry, settled: Settled, report: Report) -> None:
    if entry.draft.handle in settled.renamed:
        report.remark(Remark.RENAMED, entry.draft.line)
    for draft in entry.draft.variants:
        if draft.sku in settled.moved:
            report.remark(Remark.MOVED, draft.line)
        if draft.sku != draft.plain_sku:
            report.remark(Remark.SHARED_SKU, draft.line)
        if entry.variants[draft.sku].selling == Selling.UNCOUNTED:
            report.remark(Remark.UNCOUNTED, draft.line)


def _wait_for_other_imports() -> None:
    """Wait for imports of the same products, which would lock each other out; then others wait."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('catalogue.shopify'))")


def _store_one_by_one(
    drafts: list[ProductDraft], report: Report, claims: Claims, error: IntegrityError
) -> None:
    if len(drafts) > 1:
        for draft in drafts:
            store([draft], report, claims)
    else:
        reason = f"the database refuses it: {str(error).splitlines()[0]}"
        report.leave_out([Problem(drafts[0].line, "", reason, drafts[0].handle)])


def _put(settled: Settled) -> list[Entry]:
    entries, former = entries_for(settled)
    with writing_in_bulk() as written:
        _put_products(entries)
        listed = _put_variants(entries)
        _put_images(entries)
        written |= former | {entry.product.pk for entry in entries if entry.new or entry.changed}
    for put in listed:
        _emit(*put)
    return entries


def _emit(variant: Variant, draft: VariantDraft, is_new: bool) -> None:
    units = draft.stock.units if variant.selling != Selling.UNTRACKED else None
    if is_new:
        emit_listed(variant, units or 0)
    else:
        emit_selling(variant, units)


def _put_products(entries: list[Entry]) -> None:
    categories = category_ids({entry.draft.category for entry in entries if entry.draft.category})
    changes = Changes(Product)
    for entry in entries:
        fields = entry.draft.fields | {"handle": entry.draft.handle}
        if entry.draft.category is not None:
            fields["category_id"] = categories.get(entry.draft.category)
        entry.changed |= changes.put(entry.product, fields)
    changes.save()


def _put_variants(entries: list[Entry]) -> list[tuple[Variant, VariantDraft, bool]]:
    """Make the variants those of the drafts.

    Returns those of which there is something to emit, with whether they are new.
    """
    _remove_variants_not_in_file(entries)
    changes = Changes(Variant)
    listed = []
    for entry in entries:
        for draft in entry.draft.variants:
            is_new = draft.sku not in entry.variants
            if is_new:
                entry.variants[draft.sku] = Variant(product=entry.product, sku=draft.sku)
            variant = entry.variants[draft.sku]
            selling = draft.stock.selling(None if is_new else variant.selling)
            if is_new or selling != variant.selling:
                listed.append((variant, draft, is_new))
            fields = {"selling": selling, "product_id": entry.product.pk}
            entry.changed |= changes.put(variant, draft.fields | fields)
    changes.save()
    return listed


def _remove_variants_not_in_file(entries: list[Entry]) -> None:
    removed = []
    for entry in entries:
        gone = entry.variants.keys() - {draft.sku for draft in entry.draft.variants}
        entry.changed |= bool(gone)
        removed += [entry.variants.pop(sku).pk for sku in gone]
    if removed:
        Variant.objects.filter(pk__in=removed).delete()


def _put_images(entries: list[Entry]) -> None:
    """Replace all pictures where they differ: nothing refers to one.

    The picture of a variant that came from another product comes with it.
    """
    for entry in entries:
        if entry.came:
            Image.objects.filter(variant__in=entry.came).update(product=entry.product)
    wanted = [(entry, entry.wanted_images()) for entry in entries]
    replaced = [
        (entry, images)
        for entry, images in wanted
        if images is not None and _looks(images) != _looks(entry.images)
    ]
    Image.objects.filter(product__in=[entry.product for entry, _ in replaced]).delete()
    Image.objects.bulk_create([image for _, images in replaced for image in images])
    for entry, _ in replaced:
        entry.changed = True


def _looks(images: list[Image]) -> set[tuple[str, str, int, int | None]]:
    return {(image.src, image.alt, image.position, image.variant_id) for image in images}
