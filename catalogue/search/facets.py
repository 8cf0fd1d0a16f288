"""How many products there would be for each further choice."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from zlib import crc32

from django.db.models import Count, F, Func, Max, Min, Q, QuerySet, TextField
from django.db.models.fields import BigIntegerField

from catalogue.models import Category
from catalogue.search.filters import Filters, Option
from catalogue.search.models import Listing
from catalogue.search.results import Search, matching, options_field

#: Options and values of one that are offered, those that most products have first.
MOST_OPTIONS, MOST_VALUES = 6, 20


class _Each(Func):
    """A row for each element of an array."""

    function = "unnest"
    set_returning = True


@dataclass(frozen=True)
class Totals:
    """Of all that fits: how many, how many of these can be bought, and their prices."""

    found: int
    buyable: int
    cheapest: Decimal | None
    dearest: Decimal | None


@dataclass(frozen=True)
class Value:
    """A value of an option, and how many products have it."""

    option: Option
    count: int
    chosen: bool

    @property
    def key(self) -> str:
        """The same on every page, so that a browser knows the field again."""
        return f"option-{crc32(str(self.option).encode()):x}"


def totals(filters: Filters, search: Search | None) -> Totals:
    """Count with one query; availability and prices as if nothing had been chosen of them."""
    wider = replace(filters, price_min=None, price_max=None, available=False)
    counted = matching(wider, search).aggregate(
        found=Count("pk", filter=_price_fits(filters) & _may_be_bought(filters)),
        buyable=Count("pk", filter=_price_fits(filters) & Q(available=True)),
        cheapest=Min("price_min", filter=_may_be_bought(filters)),
        dearest=Max("price_max", filter=_may_be_bought(filters)),
    )
    if filters.available and filters.options:
        # Chosen options are then asked of what can be bought, which the wider question is not.
        counted["found"] = matching(filters, search).count()
    return Totals(**counted)


def _price_fits(filters: Filters) -> Q:
    fits = Q(pk__isnull=False)
    if filters.price_min is not None:
        fits &= Q(price_max__gte=filters.price_min)
    if filters.price_max is not None:
        fits &= Q(price_min__lte=filters.price_max)
    return fits


def _may_be_bought(filters: Filters) -> Q:
    return Q(available=True) if filters.available else Q(pk__isnull=False)


def categories(
    filters: Filters, search: Search | None, among: Iterable[Category]
) -> list[tuple[Category, int]]:
    """Return those of `among` that hold something that fits, with how much. One query."""
    counts = _counts(matching(filters, search), "categories", BigIntegerField())
    return [(category, counts[category.pk]) for category in among if category.pk in counts]


def options(filters: Filters, search: Search | None) -> list[tuple[str, list[Value]]]:
    """List values by the name of their option. One query, and one for each option chosen.

    Further values of an option are counted as if none of it had been chosen:
    choosing one more makes the list longer, not shorter.
    """
    field = options_field(filters)
    counts = _by_name(_counts(matching(filters, search), field, TextField()))
    for name in filters.by_name():
        freely = _counts(matching(filters.without_option(name), search), field, TextField())
        counts[name] = _by_name(freely).get(name, {})
    names = sorted(counts, key=lambda name: (-sum(counts[name].values()), name))[:MOST_OPTIONS]
    return [(name, _values(name, counts[name], filters)) for name in names if counts[name]]


def _counts(found: QuerySet[Listing], field: str, of: BigIntegerField | TextField) -> dict:
    each = found.order_by().annotate(each=_Each(F(field), output_field=of)).values("each")
    return dict(each.annotate(count=Count("pk")).values_list("each", "count"))


def _by_name(counts: dict[str, int]) -> dict[str, dict[str, int]]:
    named: dict[str, dict[str, int]] = {}
    for text, count in counts.items():
        name, _, value = text.partition(":")
        named.setdefault(name, {})[value] = count
    return named


def _values(name: str, counts: dict[str, int], filters: Filters) -> list[Value]:
    values = [
        Value(option, count, option in filters.options)
        for value, count in counts.items()
        if (option := Option(name, value))
    ]
    values.sort(key=lambda value: (not value.chosen, -value.count, value.option.value))
    return values[:MOST_VALUES]
