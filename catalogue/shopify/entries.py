"""The products of a batch on their way in: what the file says beside what is there already."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from catalogue.models import Image, Product, Variant
from catalogue.shopify.drafts import ProductDraft
from catalogue.shopify.owning import Settled
from catalogue.shopify.report import Outcome


@dataclass
class Entry:
    """One product: its draft, its row, and the variants and pictures it has so far.

    `came` are variants among them that were another product's until now.
    """

    draft: ProductDraft
    product: Product
    new: bool = True
    changed: bool = False
    variants: dict[str, Variant] = field(default_factory=dict)
    images: list[Image] = field(default_factory=list)
    came: list[Variant] = field(default_factory=list)

    @property
    def outcome(self) -> Outcome:
        """Return what becomes of the product."""
        if self.new:
            return Outcome.CREATED
        return Outcome.UPDATED if self.changed else Outcome.UNCHANGED

    def wanted_images(self) -> list[Image] | None:
        """Return the pictures of the draft; None where the file does not speak of pictures."""
        if self.draft.images is None:
            return None
        return [
            Image(
                product=self.product,
                variant=self.variants[image.sku] if image.sku else None,
                src=image.src,
                alt=image.alt,
                position=image.position,
            )
            for image in self.draft.images
        ]


def entries_for(settled: Settled) -> tuple[list[Entry], set[int]]:
    """Return an entry for each draft, with the variants that move to it from other products.

    Products already there are locked until the transaction ends. Returns the ids of those
    that variants leave as well.
    """
    known = _lock_products([*_handles(settled), *settled.moved.values(), *settled.renamed.values()])
    entries = [
        _entry(draft, known.get(settled.renamed.get(draft.handle, draft.handle)))
        for draft in settled.drafts
    ]
    former = {known[handle].pk for handle in settled.moved.values()}
    _move(entries, settled, known)
    return entries, former


def _handles(settled: Settled) -> Iterable[str]:
    return (draft.handle for draft in settled.drafts)


def _lock_products(handles: Iterable[str]) -> dict[str, Product]:
    there = (
        Product.objects.filter(handle__in=set(handles))
        .order_by("id")
        .select_for_update()
        .prefetch_related("variants", "images")
    )
    return {product.handle: product for product in there}


def _move(entries: list[Entry], settled: Settled, known: dict[str, Product]) -> None:
    """Take each variant from the product that has it, be that in this batch or not."""
    by_product = {entry.product.pk: entry for entry in entries if not entry.new}
    for entry in entries:
        for sku in (draft.sku for draft in entry.draft.variants if draft.sku in settled.moved):
            product = known[settled.moved[sku]]
            if giver := by_product.get(product.pk):
                giver.changed = True
                giver.variants.pop(sku)
            variant = next(v for v in product.variants.all() if v.sku == sku)
            entry.variants[sku] = variant
            entry.came.append(variant)
            entry.images += [i for i in product.images.all() if i.variant_id == variant.pk]


def _entry(draft: ProductDraft, product: Product | None) -> Entry:
    if product is None:
        return Entry(draft, Product(handle=draft.handle))
    variants = {variant.sku: variant for variant in product.variants.all()}
    return Entry(draft, product, False, variants=variants, images=list(product.images.all()))
