"""Categories by the names a file gives them."""

from collections.abc import Iterable

from catalogue.models import Category
from catalogue.naming import slug_for, stable_name

SLUG_LENGTH = 255


def category_ids(names: Iterable[str]) -> dict[str, int]:
    """Return the id of each category called so, created as needed.

    Names that make the same slug (`Home & Garden`, `home garden`) are one
    category, called as it was first.
    """
    slugs = {name: _slug(name) for name in names}
    known = Category.objects.in_bulk(slugs.values(), field_name="slug")
    missing = {slug: name for name, slug in slugs.items() if slug not in known}
    if missing:
        new = [Category(slug=slug, name=name) for slug, name in sorted(missing.items())]
        Category.objects.bulk_create(new, ignore_conflicts=True)
        known = Category.objects.in_bulk(slugs.values(), field_name="slug")
    return {name: known[slug].pk for name, slug in slugs.items()}


def _slug(name: str) -> str:
    return slug_for(name, SLUG_LENGTH) or stable_name([name])
