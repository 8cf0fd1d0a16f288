"""The shop's categories, which may stand within one another."""

from collections.abc import Iterator

from shop.catalogue.models import Category, Image


class Shelves:
    """All categories, read at once: one query."""

    def __init__(self) -> None:
        self.all = list(Category.objects.all())
        self._by_id = {category.pk: category for category in self.all}

    @property
    def top(self) -> list[Category]:
        return [category for category in self.all if category.parent_id is None]

    def within(self, category: Category) -> list[Category]:
        """Those that stand directly within it."""
        return [child for child in self.all if child.parent_id == category.pk]

    def called(self, slug: str) -> Category | None:
        return next((category for category in self.all if category.slug == slug), None)

    def path_to(self, category: Category) -> list[Category]:
        """From the top down to the one above it."""
        path: list[Category] = []
        above = self._above(category)
        # A circle of parents, which staff can make, must not hang the page.
        while above and above not in path:
            path.insert(0, above)
            above = self._above(above)
        return path

    def _above(self, category: Category) -> Category | None:
        return self._by_id[category.parent_id] if category.parent_id else None

    def family(self, category: Category) -> list[Category]:
        """The category and all that stand within it, however deep."""
        found = [category]
        for member in found:
            found += [child for child in self.within(member) if child not in found]
        return found

    def with_pictures(self) -> Iterator[tuple[Category, Image | None]]:
        """The top ones, each with a picture of something in it. One query."""
        pictures = {image.product.category_id: image for image in _one_picture_each()}
        for category in self.top:
            members = (pictures.get(member.pk) for member in self.family(category))
            yield category, next(filter(None, members), None)


def _one_picture_each() -> list[Image]:
    shown = Image.objects.filter(product__published=True, product__category__isnull=False)
    return list(
        shown.select_related("product")
        .order_by("product__category_id", "product_id", "position", "id")
        .distinct("product__category_id")
    )
