"""From sound drafts to the catalogue: many products to a transaction, each wholly or not at all."""

from django.db import IntegrityError, connection, transaction

from shop.catalogue.listing import state_listed
from shop.catalogue.models import Image, Product, Variant
from shop.catalogue.shopify.categories import category_ids
from shop.catalogue.shopify.changes import Changes
from shop.catalogue.shopify.columns import Column
from shop.catalogue.shopify.drafts import ProductDraft
from shop.catalogue.shopify.entries import Entry, entries_for
from shop.catalogue.shopify.report import Problem, Report
from shop.catalogue.signals import writing_in_bulk


def store(drafts: list[ProductDraft], report: Report) -> None:
    """Put these products into the catalogue in one transaction, and count them in `report`.

    When the database refuses them together, as it does when somebody else
    lists the same at this moment, each goes in by itself.
    """
    try:
        with transaction.atomic():
            _wait_for_other_imports()
            refusals = _refusals(drafts)
            entries = _put([draft for draft in drafts if draft.handle not in refusals])
    except IntegrityError as error:
        _store_one_by_one(drafts, report, error)
    else:
        for problems in refusals.values():
            report.leave_out(problems)
        for entry in entries:
            report.went_in(entry.outcome, len(entry.draft.variants))


def _wait_for_other_imports() -> None:
    """Until this transaction ends: imports of the same products would lock each other out."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('shop.catalogue.shopify'))")


def _store_one_by_one(drafts: list[ProductDraft], report: Report, error: IntegrityError) -> None:
    if len(drafts) > 1:
        for draft in drafts:
            store([draft], report)
    else:
        reason = f"the database refuses it: {str(error).splitlines()[0]}"
        report.leave_out([Problem(drafts[0].line, "", reason, drafts[0].handle)])


def _refusals(drafts: list[ProductDraft]) -> dict[str, list[Problem]]:
    """What is wrong, by handle, with those that claim a SKU of another product."""
    skus = [variant.sku for draft in drafts for variant in draft.variants]
    owners = dict(Variant.objects.filter(sku__in=skus).values_list("sku", "product__handle"))
    refusals: dict[str, list[Problem]] = {}
    for draft in drafts:
        for variant in draft.variants:
            owner = owners.get(variant.sku, draft.handle)
            if owner != draft.handle:
                reason = f"SKU {variant.sku} belongs to product {owner}"
                problem = Problem(variant.line, Column.SKU, reason, draft.handle)
                refusals.setdefault(draft.handle, []).append(problem)
    return refusals


def _put(drafts: list[ProductDraft]) -> list[Entry]:
    entries = entries_for(drafts)
    with writing_in_bulk() as written:
        _put_products(entries)
        new = _put_variants(entries)
        _put_images(entries)
        written |= {entry.product.pk for entry in entries if entry.new or entry.changed}
    for variant, opening_stock in new:
        state_listed(variant, opening_stock)
    return entries


def _put_products(entries: list[Entry]) -> None:
    categories = category_ids({entry.draft.category for entry in entries if entry.draft.category})
    changes = Changes(Product)
    for entry in entries:
        fields = dict(entry.draft.fields)
        if entry.draft.category is not None:
            fields["category_id"] = categories.get(entry.draft.category)
        entry.changed |= changes.put(entry.product, fields)
    changes.save()


def _put_variants(entries: list[Entry]) -> list[tuple[Variant, int]]:
    """Make the variants those of the drafts; returns the new ones with their opening stock."""
    _remove_variants_not_in_file(entries)
    changes = Changes(Variant)
    new = []
    for entry in entries:
        for draft in entry.draft.variants:
            if draft.sku not in entry.variants:
                entry.variants[draft.sku] = Variant(product=entry.product, sku=draft.sku)
                new.append((entry.variants[draft.sku], draft.opening_stock))
            entry.changed |= changes.put(entry.variants[draft.sku], draft.fields)
    changes.save()
    return new


def _remove_variants_not_in_file(entries: list[Entry]) -> None:
    removed = []
    for entry in entries:
        gone = entry.variants.keys() - {draft.sku for draft in entry.draft.variants}
        entry.changed |= bool(gone)
        removed += [entry.variants.pop(sku).pk for sku in gone]
    if removed:
        Variant.objects.filter(pk__in=removed).delete()


def _put_images(entries: list[Entry]) -> None:
    """Where the pictures differ, replace them all: nothing refers to one."""
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
