"""The pictures of a product and of its variants."""

from collections.abc import Iterator

from catalogue.models import Image
from catalogue.shopify import cells
from catalogue.shopify.columns import Column
from catalogue.shopify.drafts import ImageDraft, VariantDraft
from catalogue.shopify.findings import Findings
from catalogue.shopify.reading import Row

read_src = cells.both(cells.picture, cells.text_for(Image, "src"))


def draft_images(
    found: Findings, rows: list[Row], variants: list[VariantDraft]
) -> list[ImageDraft] | None:
    """Return the pictures of the product in general, and those of its variants.

    A picture that shows a variant belongs to that variant alone, so that
    nobody sees it twice. None where the file has no column for pictures.
    """
    if not rows[0].has(Column.IMAGE):
        return None
    gallery = _gallery(found, [row for row in rows if row[Column.IMAGE]])
    of_variants = list(_of_variants(variants, gallery))
    shown = {image.src for image in of_variants}
    return [image for image in gallery.values() if image.src not in shown] + of_variants


def _gallery(found: Findings, rows: list[Row]) -> dict[str, ImageDraft]:
    """Return each picture once, by its address; one without a position stands where it was met."""
    gallery: dict[str, ImageDraft] = {}
    for number, row in enumerate(rows, start=1):
        src = found.read(row, Column.IMAGE, read_src) or ""
        position = found.read(row, Column.IMAGE_POSITION, cells.whole_number) or number
        alt = found.read(row, Column.IMAGE_ALT, cells.long_text) or ""
        gallery.setdefault(src, ImageDraft(src, alt, position))
    return gallery


def _of_variants(
    variants: list[VariantDraft], gallery: dict[str, ImageDraft]
) -> Iterator[ImageDraft]:
    for number, variant in enumerate(variants, start=1):
        if variant.picture:
            shown = gallery.get(variant.picture) or ImageDraft(variant.picture, "", number)
            yield ImageDraft(shown.src, shown.alt, shown.position, variant.sku)
