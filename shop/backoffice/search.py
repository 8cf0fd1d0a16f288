"""The pages of the console among what the admin's search finds."""

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse
from unfold.dataclasses import SearchResult

from eventbus.console.hooks import hooks
from eventbus.console.places import PLACES
from eventbus.console.views.access import may_operate

WHERE = "console"


def add_console(request: HttpRequest, answer: TemplateResponse) -> None:
    """Put the console's pages with the searched name first, for those who may operate."""
    found = _pages(request.GET["s"].lower()) if may_operate(request) else []
    context = answer.context_data
    if found and context:
        others = context["page_obj"]
        all_found = Paginator([*found, *others.object_list], others.per_page)
        results = all_found.page(request.GET.get("page", 1))
        context.update(page_obj=all_found, results=results)


def _pages(name: str) -> list[SearchResult]:
    return [page for page in _all_pages() if name in f"{WHERE} {page.title}".lower()]


def _all_pages() -> list[SearchResult]:
    own = [(place.title, f"{WHERE}: {place.about}", place.link) for place in PLACES]
    added = [(page.title, WHERE, reverse(page.url_name)) for page in hooks.pages]
    return [SearchResult(*each, icon="monitoring") for each in own + added]
