"""Reactions that failed: the list of groups, and each delivery with all that is known of it."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from eventbus.console.flower import tasks_url
from eventbus.console.forms import FailedFilter
from eventbus.console.held_up_stories import nouns
from eventbus.console.views.access import may_see_personal, operators_only
from eventbus.console.views.page import render
from eventbus.delivery.models import Delivery, OperatorAction
from eventbus.operations import failures
from eventbus.operations.failure_impact import held_up, releases
from eventbus.operations.failure_search import groups_with
from eventbus.operations.failures import FailureGroup
from eventbus.operations.masking import masked_headlines, shown_data, shown_error
from eventbus.operations.operator_acts import acts

#: Groups on one page.
PAGE = 50
#: Of what operators did.
HISTORY = 20
DONE_HERE = (
    OperatorAction.Kind.RETRIED,
    OperatorAction.Kind.DISCARDED,
    OperatorAction.Kind.NOTED,
    OperatorAction.Kind.PARKED,
)


@operators_only("GET")
def groups_page(request: HttpRequest) -> HttpResponse:
    form = FailedFilter(request.GET)
    if not form.is_valid():
        return render(request, "console/refused.html", {"form": form}, status=422)
    asked = form.cleaned_data
    found, known = _found(asked, personal=may_see_personal(request))
    page = Paginator(found, PAGE, orphans=5).get_page(asked["page"])
    done = OperatorAction.objects.filter(kind__in=DONE_HERE)
    context = {
        "form": form,
        "asked": asked,
        "page": page,
        "groups": _shown(page, known, personal=may_see_personal(request)),
        "total": sum(group.count for group in found),
        "releases": sorted(set(filter(None, known.values()))),
        "apps": sorted({group.app for group in found} | {asked["app"]} - {""}),
        "is_narrowed": any(asked[name] for name in ("q", "app", "reaction", "state", "release")),
        "acts": acts(done, HISTORY),
    }
    return render(request, "console/failed/groups.html", context)


def _found(
    asked: dict[str, Any], *, personal: bool
) -> tuple[list[FailureGroup], dict[failures.Key, str]]:
    """Return the groups that were asked for, and since which release all groups are there."""
    rows = failures.failed_or_parked(asked["app"], asked["reaction"], asked["state"])
    groups = failures.groups(rows)
    known = releases(groups)
    if asked["q"]:
        groups = groups_with(asked["q"], groups, rows, personal=personal)
    if asked["release"]:
        groups = [group for group in groups if known[group.key] == asked["release"]]
    return groups, known


def _shown(
    page: Page[FailureGroup], known: dict[failures.Key, str], *, personal: bool
) -> list[dict[str, Any]]:
    alike = {group.fingerprint for group in page}
    stories = held_up(failures.failed_or_parked().filter(fingerprint__in=alike))
    about = nouns(page)
    errors = {group.first: group.error for group in page}
    if not personal:
        errors = masked_headlines(errors)
    return [
        {
            "group": group,
            "error": errors.get(group.first, ""),
            "held_up": stories.get(group.key, 0),
            "noun": about.get(group.key, "story"),
            "release": known[group.key],
        }
        for group in page
    ]


@operators_only("GET")
def delivery_page(request: HttpRequest, id: int) -> HttpResponse:
    row = get_object_or_404(Delivery.objects.select_related("event"), pk=id)
    personal = may_see_personal(request)
    return render(
        request,
        "console/failed/delivery.html",
        {
            "row": row,
            "error": shown_error(row, personal=personal),
            "payload": shown_data(
                row.event.type, row.event.version, row.event.data, personal=personal
            ),
            "acts": acts(OperatorAction.objects.filter(delivery_id=id), HISTORY),
            "is_troubled": row.state in failures.FAILED_OR_PARKED,
            "flower": tasks_url(row.event.type, row.app),
            "can_be_tried": row.state in Delivery.UNSETTLED,
        },
    )
