"""What a list of the admin may be asked by the query of its address: what it offers, nothing else.

Django lets whoever sees a list compare every column of it, with what no page shows as well, such
as the text of a mail or an error: `?text__regex=` reads it letter by letter.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.contrib import messages
from django.contrib.admin import FieldListFilter, ListFilter, ModelAdmin
from django.contrib.admin.utils import get_fields_from_path
from django.http import HttpRequest
from django.utils.text import smart_split
from django.utils.translation import gettext as _

#: Words of a search that count: for each, every column that is searched is compared.
MOST_WORDS = 10
#: What the line of dates above a list asks for.
DATES = ("year", "month", "day")


def offered(page: ModelAdmin, request: HttpRequest) -> set[str]:
    """The lookups of the filters and the line of dates that a list has for this person."""
    of_filters = (
        _filter(each, page, request).expected_parameters() for each in page.get_list_filter(request)
    )
    return {*_of_dates(page), *(str(name) for names in of_filters for name in names)}


class AsksWhatItOffers:
    """Put before every admin page by the site; what is asked besides is answered with a 400."""

    def lookup_allowed(self, lookup: str, value: str, request: Any = None) -> bool:
        return lookup in offered(self, request)  # type: ignore[arg-type]

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        """What is found by the first words; who searches is told where others were left out."""
        *words, rest = islice([*smart_split(search_term), ""], MOST_WORDS + 1)
        if rest and self.get_search_fields(request):  # type: ignore[attr-defined]
            told = _("Only the first %(most)s words were searched for.")
            messages.warning(request, told % {"most": MOST_WORDS}, fail_silently=True)
        found: Any = super()
        return found.get_search_results(request, queryset, " ".join(words))

    def to_field_allowed(self, request: HttpRequest, to_field: str) -> bool:
        """Rows are known by their key alone."""
        return to_field == self.opts.pk.name  # type: ignore[attr-defined]


def _of_dates(page: ModelAdmin) -> Iterator[str]:
    if page.date_hierarchy:
        yield from (f"{page.date_hierarchy}__{part}" for part in DATES)


def _filter(declared: Any, page: ModelAdmin, request: HttpRequest) -> ListFilter:
    """A filter as the list itself makes it, with nothing asked."""
    if callable(declared):
        return declared(request, {}, page.model, page)
    path, make = declared if isinstance(declared, list | tuple) else (declared, None)
    field = get_fields_from_path(page.model, path)[-1]
    make = make or FieldListFilter.create
    return make(field, request, {}, page.model, page, field_path=path)
