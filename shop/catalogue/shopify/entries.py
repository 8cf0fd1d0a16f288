"""The products of a batch on their way in: what the file says beside what is there already."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from shop.catalogue.models import Image, Product, Variant
from shop.catalogue.shopify.drafts import ProductDraft
from shop.catalogue.shopify.report import Outcome


@dataclass
class Entry:
    """One product: its draft, its row, and the variants and pictures it has so far."""

    draft: ProductDraft
    product: Product
    new: bool = True
    changed: bool = False
    variants: dict[str, Variant] = field(default_factory=dict)
    images: list[Image] = field(default_factory=list)

    @property
    def outcome(self) -> Outcome:
        """What becomes of the product."""
        if self.new:
            return Outcome.CREATED
        return Outcome.UPDATED if self.changed else Outcome.UNCHANGED

    def wanted_images(self) -> list[Image] | None:
        """The pictures of the draft; None where the file does not speak of pictures."""
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


def entries_for(drafts: Iterable[ProductDraft]) -> list[Entry]:
    """An entry for each draft; products already there are locked until the transaction ends."""
    handles = [draft.handle for draft in drafts]
    there = (
        Product.objects.filter(handle__in=handles)
        .order_by("id")
        .select_for_update()
        .prefetch_related("variants", "images")
    )
    known = {product.handle: product for product in there}
    return [_entry(draft, known.get(draft.handle)) for draft in drafts]


def _entry(draft: ProductDraft, product: Product | None) -> Entry:
    if product is None:
        return Entry(draft, Product(handle=draft.handle))
    variants = {variant.sku: variant for variant in product.variants.all()}
    return Entry(draft, product, False, variants=variants, images=list(product.images.all()))
