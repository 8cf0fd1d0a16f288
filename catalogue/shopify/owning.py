"""Whose a SKU is: what a file says beside what the catalogue has.

Shopify keeps neither SKUs unique nor products by anything but their handles. So a SKU that the
file gives several times is no key, and one that is another product's by now has moved there, or
the product is called otherwise. Where that cannot be told, nothing is taken from anybody.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from catalogue.models import Variant
from catalogue.shopify.cells import code
from catalogue.shopify.columns import Column
from catalogue.shopify.drafts import ProductDraft, VariantDraft
from catalogue.shopify.reading import Row
from catalogue.shopify.report import Problem
from catalogue.shopify.variants import shared_key


class Claims:
    """The SKUs of a whole file: which handles there are, and what several variants share."""

    def __init__(self, products: Mapping[str, Sequence[Row]]) -> None:
        self.handles = set(products)
        #: handles of products that this import makes what the file says
        self.going_in: set[str] = set()
        cells = Counter(code(row[Column.SKU]) for rows in products.values() for row in rows)
        self.shared = {sku for sku, count in cells.items() if sku and count > 1}


class Owner(NamedTuple):
    """The variant that has a SKU in the catalogue."""

    handle: str
    option_values: list[str]


@dataclass
class Settled:
    """Drafts under the keys their variants have in the catalogue, and what that means there."""

    drafts: list[ProductDraft] = field(default_factory=list)
    #: by handle
    refused: dict[str, list[Problem]] = field(default_factory=dict)
    #: handle of the product that has it so far, by SKU
    moved: dict[str, str] = field(default_factory=dict)
    #: former handle, by the new one
    renamed: dict[str, str] = field(default_factory=dict)


def settle(drafts: Sequence[ProductDraft], claims: Claims) -> Settled:
    """Find out whose the SKUs of these drafts are. Two queries."""
    keys = {key for draft in drafts for variant in draft.variants for key in _keys(draft, variant)}
    owners = _owners(keys)
    settled = Settled(renamed=_renamed(drafts, owners, claims))
    for draft in drafts:
        _settle(draft, owners, claims, settled)
    return settled


def _owners(skus: Iterable[str]) -> dict[str, Owner]:
    found = Variant.objects.filter(sku__in=list(skus))
    rows = found.values_list("sku", "product__handle", "option_values")
    return {sku: Owner(handle, values) for sku, handle, values in rows}


def _keys(draft: ProductDraft, variant: VariantDraft) -> tuple[str, str]:
    """Return its SKU, and the key it has where it shares that."""
    return variant.plain_sku, shared_key(
        variant.plain_sku, draft.handle, variant.fields["option_values"]
    )


def _renamed(
    drafts: Sequence[ProductDraft], owners: Mapping[str, Owner], claims: Claims
) -> dict[str, str]:
    """Return the drafts that are a product under a new handle.

    That is one which the file has no more, and all whose SKUs are the draft's now.
    """
    former = {draft.handle: _only_former(draft, owners, claims) for draft in drafts}
    handles = [*former, *filter(None, former.values())]
    skus: dict[str, set[str]] = {}
    for handle, sku in Variant.objects.filter(product__handle__in=handles).values_list(
        "product__handle", "sku"
    ):
        skus.setdefault(handle, set()).add(sku)
    return {
        draft.handle: old
        for draft in drafts
        if (old := former[draft.handle])
        and draft.handle not in skus
        and skus[old] <= {variant.plain_sku for variant in draft.variants}
    }


def _only_former(draft: ProductDraft, owners: Mapping[str, Owner], claims: Claims) -> str:
    found = {
        owner.handle
        for variant in draft.variants
        if variant.plain_sku not in claims.shared and (owner := owners.get(variant.plain_sku))
    }
    return found.pop() if len(found) == 1 and not found & claims.handles else ""


def _settle(
    draft: ProductDraft, owners: Mapping[str, Owner], claims: Claims, settled: Settled
) -> None:
    variants, problems = [], []
    for variant in draft.variants:
        sku, own_key = _keys(draft, variant)
        owner, key = owners.get(sku), own_key
        if _is(owners.get(own_key), draft, variant) or (
            sku in claims.shared and not _is(owner, draft, variant)
        ):
            pass
        elif owner is None or owner.handle in (draft.handle, settled.renamed.get(draft.handle)):
            key = sku
        elif owner.handle in claims.going_in:
            key = sku
            settled.moved[sku] = owner.handle
        elif owner.handle in claims.handles:
            reason = f"SKU {sku} belongs to product {owner.handle}, which stays as it is"
            problems.append(Problem(variant.line, Column.SKU, reason, draft.handle))
        variants.append(variant.under(key))
    if problems:
        settled.refused[draft.handle] = problems
    else:
        settled.drafts.append(_with_variants(draft, variants))


def _is(owner: Owner | None, draft: ProductDraft, variant: VariantDraft) -> bool:
    return owner == Owner(draft.handle, variant.fields["option_values"])


def _with_variants(draft: ProductDraft, variants: list[VariantDraft]) -> ProductDraft:
    """Return the draft with the same variants under other keys, its pictures too."""
    keys = {before.sku: after.sku for before, after in zip(draft.variants, variants, strict=True)}
    images = draft.images and [
        replace(image, sku=keys[image.sku]) if image.sku else image for image in draft.images
    ]
    return replace(draft, variants=variants, images=images)
