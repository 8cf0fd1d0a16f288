"""A list of products: those that match, filters to narrow it by, filters that are active."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from catalogue.category_tree import CategoryTree
from catalogue.models import Category
from catalogue.search import facets
from catalogue.search.filters import SORTS, Filters, read, understood
from catalogue.search.models import Listing
from catalogue.search.results import InOrder, Search, matching, search_for

#: Products on each page of a list, and those shown where nothing fits.
PRODUCTS_PER_PAGE, SUGGESTIONS = 24, 4


@dataclass(frozen=True)
class Chip:
    """An active filter, and the address of the list without it."""

    label: str
    address: str


class ProductList:
    """The products of a request: all or those of one category, filtered by its query string."""

    def __init__(self, request: HttpRequest, tree: CategoryTree, category: Category | None) -> None:
        self.address = understood(request.GET)
        self.path = request.path
        self.category = category
        asked = request.GET.copy()
        asked.update({"category": category.slug} if category else {})
        self.filters: Filters = read(asked, {each.slug: each for each in tree.all})
        self.search: Search | None = search_for(self.filters.query)
        self._tree = tree

    @property
    def filtered(self) -> bool:
        """Say whether it was filtered, searched or sorted; search engines find no such page."""
        chosen = self.filters.category != self.category or self.filters.sort != "newest"
        return chosen or bool(self.filters.query or self.filters.count)

    @cached_property
    def totals(self) -> facets.Totals:
        return facets.totals(self.filters, self.search)

    @cached_property
    def page(self) -> Page:
        found = matching(self.filters, self.search)
        # Read by slices alone, which is all that is asked of it here.
        in_order = InOrder(found, self.filters.sort, self.search)
        pages: Paginator = Paginator(in_order, PRODUCTS_PER_PAGE)  # type: ignore[arg-type]
        # Counted already.
        pages.count = self.totals.found
        # A number below 1 is none, and the first page is meant rather than the last.
        number = self.address.get("page", "").lstrip("0")
        return pages.get_page(number if number.isdecimal() else 1)

    @property
    def categories(self) -> list[tuple[Category, int, str]]:
        """Return the subcategories, each with its number of products and its address."""
        among = self._tree.within(self.filters.category)
        counted = facets.categories(self.filters, self.search, among) if among else []
        return [(each, count, self._with(category=each.slug)) for each, count in counted]

    @cached_property
    def options(self) -> list[tuple[str, list[facets.Value]]]:
        return facets.options(self.filters, self.search)

    @property
    def price_min(self) -> str:
        """Return it as a number field takes it, in whatever language the page is."""
        return "" if self.filters.price_min is None else str(self.filters.price_min)

    @property
    def price_max(self) -> str:
        return "" if self.filters.price_max is None else str(self.filters.price_max)

    @property
    def sorts(self) -> list[tuple[str, str, bool]]:
        """Return name, label and whether it is active, of each way to sort."""
        offered = {**SORTS}
        if not self.search:
            del offered["relevance"]
        return [(name, str(label), name == self.filters.sort) for name, label in offered.items()]

    @property
    def chips(self) -> Iterator[Chip]:
        """Yield each active filter, to be removed one by one."""
        filters = self.filters
        if filters.category and not self.category:
            yield Chip(filters.category.name, self._with(category=None))
        if filters.available:
            yield Chip(_("In stock"), self._with(available=None))
        if filters.price_min is not None:
            label = _("From %(price)s") % {"price": filters.price_min}
            yield Chip(label, self._with(price_min=None))
        if filters.price_max is not None:
            label = _("Up to %(price)s") % {"price": filters.price_max}
            yield Chip(label, self._with(price_max=None))
        for option in filters.options:
            yield Chip(f"{option.name}: {option.value}", self._without_option(str(option)))

    @property
    def clear(self) -> str:
        """Return the address without any filter but the search text."""
        words = QueryDict(mutable=True)
        if self.filters.query:
            words["q"] = self.filters.query
        return self._to(words)

    @cached_property
    def suggestions(self) -> list[Listing]:
        """Return the newest products, for somebody who found nothing."""
        there = Listing.objects.filter(available=True).defer("words")
        return list(there.order_by("-created", "product_id")[:SUGGESTIONS])

    def _with(self, **parts: str | None) -> str:
        """Return the address with other parameters; one that is None is left out."""
        address = self._first_page()
        for name, value in parts.items():
            address.pop(name, None)
            if value is not None:
                address[name] = value
        return self._to(address)

    def _without_option(self, option: str) -> str:
        address = self._first_page()
        address.setlist("option", [each for each in address.getlist("option") if each != option])
        return self._to(address)

    def _first_page(self) -> QueryDict:
        address = self.address.copy()
        address.pop("page", None)
        return address

    def _to(self, address: QueryDict) -> str:
        return f"{self.path}?{address.urlencode()}" if address else self.path
