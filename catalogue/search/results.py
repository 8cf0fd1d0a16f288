"""The products that fit, and what else helps somebody who looks for something."""

from dataclasses import dataclass
from functools import cached_property

from django.contrib.postgres.search import SearchRank
from django.db.models import F, QuerySet
from django.db.models.expressions import CombinedExpression

from catalogue.search import text_query
from catalogue.search.filters import Filters
from catalogue.search.models import Listing

ORDERS = {
    "newest": ["-created", "product_id"],
    "price": ["price_min", "product_id"],
    "-price": ["-price_min", "product_id"],
    "name": ["name", "product_id"],
}


@dataclass(frozen=True)
class Search:
    """A question in words.

    `words` is what it was answered for, which is not `typed` where that finds nothing; `any_of`
    says that a product need not have all of them.
    """

    typed: list[str]
    words: list[str]
    any_of: bool = False

    @property
    def corrected(self) -> bool:
        return self.words != self.typed

    @cached_property
    def query(self) -> text_query.PrefixQuery:
        return text_query.with_any(self.words) if self.any_of else text_query.with_all(self.words)

    @cached_property
    def rank(self) -> CombinedExpression:
        """The very word counts for more than one that only begins like it."""
        very = SearchRank(F("words"), text_query.exactly(self.words))
        return SearchRank(F("words"), self.query) + very

    @cached_property
    def finds(self) -> bool:
        # Asked for one row only, the database would read all lines where there is none.
        return Listing.objects.filter(words=self.query).count() > 0


def search_for(text: str) -> Search | None:
    """Return the question in a text, as typed or else as probably meant; None for an empty one.

    Two queries for what is found as typed; up to five more for what is not.
    """
    typed = text_query.words_of(text) if text else []
    if not typed:
        return None
    as_typed = Search(typed, typed)
    if as_typed.finds:
        return as_typed
    known = text_query.known_words(typed)
    meant = [
        Search(typed, known),
        Search(typed, ["".join(typed)]),
        Search(typed, known, any_of=True),
    ]
    return next((search for search in meant if search.finds), as_typed)


def matching(filters: Filters, search: Search | None) -> QuerySet[Listing]:
    """Return the products that fit."""
    found = Listing.objects.all()
    if filters.query:
        found = found.filter(words=search.query) if search else found.none()
    if filters.category:
        found = found.filter(categories__contains=[filters.category.pk])
    if filters.price_min is not None:
        found = found.filter(price_max__gte=filters.price_min)
    if filters.price_max is not None:
        found = found.filter(price_min__lte=filters.price_max)
    if filters.available:
        found = found.filter(available=True)
    field = options_field(filters)
    for options in filters.by_name().values():
        found = found.filter(**{f"{field}__overlap": [str(option) for option in options]})
    return found


def options_field(filters: Filters) -> str:
    """Return the column of options: of what is in stock, where only that is wanted."""
    return "options_available" if filters.available else "options"


def sorted_by(found: QuerySet[Listing], sort: str, search: Search | None) -> QuerySet[Listing]:
    """Sort as asked for, and always alike where that leaves it open."""
    if sort == "relevance" and search:
        return found.order_by(search.rank.desc(), "name", "product_id")
    return found.order_by(*ORDERS.get(sort, ORDERS["newest"]))


@dataclass(frozen=True)
class InOrder:
    """What fits, in the order asked for: read a slice at a time."""

    found: QuerySet[Listing]
    sort: str
    search: Search | None

    def __getitem__(self, part: slice) -> list[Listing]:
        # The lines are wide: what is sorted to get at one page of them are their ids alone.
        ids = sorted_by(self.found, self.sort, self.search).values("pk")[part]
        shown = Listing.objects.filter(pk__in=ids).defer("words")
        return list(sorted_by(shown, self.sort, self.search))
