"""The shop's categories, which may stand within one another."""

from catalogue.models import Category


class CategoryTree:
    """All categories, read at once: one query."""

    def __init__(self) -> None:
        self.all = list(Category.objects.all())
        self._by_id = {category.pk: category for category in self.all}

    def within(self, category: Category | None) -> list[Category]:
        """Return those that stand directly within it; the top ones within none."""
        above = category.pk if category else None
        return [child for child in self.all if child.parent_id == above]

    def called(self, slug: str) -> Category | None:
        return next((category for category in self.all if category.slug == slug), None)

    def path_to(self, category: Category) -> list[Category]:
        """List the categories from the top down to the one above it."""
        path: list[Category] = []
        above = self._above(category)
        # A circle of parents, which staff can make, must not hang who asks.
        while above and above not in path:
            path.insert(0, above)
            above = self._above(above)
        return path

    def _above(self, category: Category) -> Category | None:
        return self._by_id[category.parent_id] if category.parent_id else None

    def family(self, category: Category) -> list[Category]:
        """Return the category and all that stand within it, however deep."""
        found = [category]
        for member in found:
            found += [child for child in self.within(member) if child not in found]
        return found
