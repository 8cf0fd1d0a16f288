"""Which lookups the query string of an admin list may hold: only those that the list offers.

Django lets whoever sees a list filter it by every column, even one that no page shows, such
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

#: Words of a search that are used: each is compared with every searched column.
MOST_WORDS = 10
#: Lookups of the date hierarchy above a list.
DATES = ("year", "month", "day")


def allowed_lookups(page: ModelAdmin, request: HttpRequest) -> set[str]:
    """Return the lookups of the list's filters and date hierarchy, for this user."""
    filters = (
        _filter(each, page, request).expected_parameters() for each in page.get_list_filter(request)
    )
    return {*_date_lookups(page), *(str(name) for names in filters for name in names)}


class RestrictedLookups:
    """Mixin of every admin page: a lookup that the list does not offer is answered with 400."""

    def lookup_allowed(self, lookup: str, value: str, request: Any = None) -> bool:
        return lookup in allowed_lookups(self, request)  # type: ignore[arg-type]

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        """Search for the first words only, with a warning if there were more."""
        *words, rest = islice([*smart_split(search_term), ""], MOST_WORDS + 1)
        if rest and self.get_search_fields(request):  # type: ignore[attr-defined]
            warning = _("Only the first %(most)s words were searched for.")
            messages.warning(request, warning % {"most": MOST_WORDS}, fail_silently=True)
        parent: Any = super()
        return parent.get_search_results(request, queryset, " ".join(words))

    def to_field_allowed(self, request: HttpRequest, to_field: str) -> bool:
        """Allow only the primary key."""
        return to_field == self.opts.pk.name  # type: ignore[attr-defined]


def _date_lookups(page: ModelAdmin) -> Iterator[str]:
    if page.date_hierarchy:
        yield from (f"{page.date_hierarchy}__{part}" for part in DATES)


def _filter(declared: Any, page: ModelAdmin, request: HttpRequest) -> ListFilter:
    """Make a filter as the list itself does, with no value chosen."""
    if callable(declared):
        return declared(request, {}, page.model, page)
    path, make = declared if isinstance(declared, list | tuple) else (declared, None)
    field = get_fields_from_path(page.model, path)[-1]
    make = make or FieldListFilter.create
    return make(field, request, {}, page.model, page, field_path=path)
