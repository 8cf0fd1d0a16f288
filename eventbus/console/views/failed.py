"""Reactions that failed: by group, and each with all that is known of it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from eventbus.console.forms import NoteForm
from eventbus.console.views.access import may_see_personal, operator, operators_only
from eventbus.console.views.page import render
from eventbus.delivery.fingerprint import headline
from eventbus.delivery.models import Delivery, OperatorAction
from eventbus.operations import failures
from eventbus.operations.masking import masked_headlines, shown_data, shown_error

PAGE = 50
#: Of what operators did.
HISTORY = 20


@operators_only("GET")
def groups_page(request: HttpRequest) -> HttpResponse:
    app, reaction = request.GET.get("app", ""), request.GET.get("reaction", "")
    groups = failures.groups(failures.failed_or_parked(app, reaction))
    shown = {group.first: group.error for group in groups}
    if not may_see_personal(request):
        shown = masked_headlines(shown)
    return render(
        request,
        "console/failed/groups.html",
        {
            "groups": [(group, shown.get(group.first, "")) for group in groups],
            "total": sum(group.count for group in groups),
            "only": f"{app}.{reaction}".strip("."),
            "history": OperatorAction.objects.order_by("-at")[:HISTORY],
        },
    )


@operators_only("GET")
def group_page(request: HttpRequest, fingerprint: str) -> HttpResponse:
    found = failures.groups(failures.failed_or_parked(fingerprint=fingerprint))
    if not found:
        return render(request, "console/failed/no_group.html", status=404)
    group = found[0]
    rows = failures.failed_or_parked(fingerprint=fingerprint).select_related("event").order_by("id")
    page = Paginator(rows, PAGE, orphans=5).get_page(request.GET.get("page"))
    example = page.object_list[0] if page.object_list else None
    form = NoteForm(initial={"note": group.note, "owner": group.owner})
    context = {"group": group, "page": page, "form": form, "history": _history(group)}
    error = _error(request, example)
    context |= {"headline": headline(error), "error": error}
    return render(request, "console/failed/group.html", context)


@operators_only("POST")
def annotate(request: HttpRequest, fingerprint: str) -> HttpResponse:
    form = NoteForm(request.POST)
    if not form.is_valid():
        return render(request, "console/refused.html", {"form": form}, status=422)
    try:
        failures.annotate(fingerprint, by=operator(request), **form.cleaned_data)
    except failures.UnknownGroup:
        return render(request, "console/failed/no_group.html", status=404)
    messages.success(request, "Noted.")
    return redirect("console:group", fingerprint)


@operators_only("GET")
def delivery_page(request: HttpRequest, id: int) -> HttpResponse:
    row = get_object_or_404(Delivery.objects.select_related("event"), pk=id)
    personal = may_see_personal(request)
    return render(
        request,
        "console/failed/delivery.html",
        {
            "row": row,
            "error": _error(request, row),
            "payload": shown_data(
                row.event.type, row.event.version, row.event.data, personal=personal
            ),
            "history": OperatorAction.objects.filter(delivery_id=id).order_by("-at"),
            "is_troubled": row.state in failures.FAILED_OR_PARKED,
            "can_be_tried": row.state in Delivery.UNSETTLED,
        },
    )


def _error(request: HttpRequest, row: Delivery | None) -> str:
    if row is None:
        return ""
    return shown_error(row, personal=may_see_personal(request))


def _history(group: failures.FailureGroup) -> list[OperatorAction]:
    rows = OperatorAction.objects.filter(app=group.app, reaction=group.reaction)
    return list(rows.order_by("-at")[:HISTORY])
