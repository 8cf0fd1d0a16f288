"""Lists of the admin over tables of millions of rows: nothing counts or sorts all of them."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property

from eventbus import registry

#: Rows that are counted, and can be paged through.
MAX_COUNTED = 10_000


class CappedPaginator(Paginator):
    """The first rows: who wants others narrows the list down."""

    @cached_property
    def count(self) -> int:
        rows = cast(QuerySet[Any], self.object_list)
        return rows[:MAX_COUNTED].count()


class _Known(admin.SimpleListFilter):
    """Offers what the code knows; to know what the rows hold means to read them all."""

    names: Callable[[], list[str]]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(name, name) for name in type(self).names()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return (
            queryset.filter(**{str(self.parameter_name): self.value()})
            if self.value()
            else queryset
        )


class ByType(_Known):
    title, parameter_name = "type", "type__exact"
    names = registry.event_types


class ByApp(_Known):
    title, parameter_name = "app", "app__exact"
    names = registry.apps_with_reactions


class ByReaction(_Known):
    title, parameter_name = "reaction", "reaction__exact"

    @staticmethod
    def names() -> list[str]:
        return sorted({each.name for _, each in registry.all_reactions()})
