"""Bulk runs: the dialog, then row by row with progress."""

from typing import Any, cast
from uuid import UUID

from django.contrib import admin
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from shop.backoffice.actions import ACTIONS, Action
from shop.backoffice.actions.action import Target
from shop.backoffice.bulk import IN_BULK, run_next_batch
from shop.backoffice.models import BulkRow, BulkRun


@require_http_methods(["GET", "HEAD", "POST"])
def bulk_new(request: HttpRequest, name: str) -> HttpResponse:
    """Show the action's dialog, once for all chosen orders; POST creates the run."""
    action_class = _permitted(request, name)
    chosen = action_class.targets(_ids(request.GET.getlist("of")))
    action = action_class(cast(Any, None), data=request.POST if request.method == "POST" else None)
    if request.method == "POST" and action.is_valid() and chosen:
        run = _begin(name, action, chosen, request.user.get_username())
        return redirect("admin:bulk_run", run.pk)
    context = {
        **admin.site.each_context(request),
        "title": _title(action_class, len(chosen)),
        "action": action,
        "chosen": chosen,
        "list": reverse(f"admin:{IN_BULK[name]}_changelist"),
    }
    return TemplateResponse(request, "staff/bulk_new.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def bulk_run(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Show the progress, with a result for each order; POST does the next rows."""
    run = get_object_or_404(BulkRun, pk=run_id)
    action_class = _permitted(request, run.action)
    if run.by != request.user.get_username():
        raise PermissionDenied
    if request.method == "POST":
        run_next_batch(run, cast(AbstractUser, request.user))
        return redirect("admin:bulk_run", run.pk)
    rows = list(run.rows.all())
    context = {
        **admin.site.each_context(request),
        "title": _title(action_class, len(rows)),
        "list": reverse(f"admin:{IN_BULK[run.action]}_changelist"),
        "rows": rows,
        "total": len(rows),
        "finished": sum(row.state != BulkRow.State.WAITING for row in rows),
        "refused": sum(row.state == BulkRow.State.REFUSED for row in rows),
    }
    return TemplateResponse(request, "staff/bulk_run.html", context)


def _title(action: type[Action], count: int) -> str:
    things = "returns" if action.of_part else "orders"
    return f"{action.title}: {count} {things if count != 1 else things[:-1]}"


def _permitted(request: HttpRequest, name: str) -> type[Action]:
    if not request.user.has_perms(["orders.view_order"]):
        raise PermissionDenied
    if name not in IN_BULK:
        raise Http404(f"{name} is not done in bulk")
    if not request.user.has_perm(ACTIONS[name].permission):
        raise PermissionDenied
    return ACTIONS[name]


def _ids(texts: list[str]) -> list[UUID]:
    try:
        return [UUID(text) for text in texts]
    except ValueError as error:
        raise Http404("of: an id is wanted") from error


@transaction.atomic
def _begin(name: str, action: Action, chosen: list[Target], by: str) -> BulkRun:
    """Create the run of this dialog, once even if it is sent twice."""
    said = {field: value for field, value in action.cleaned_data.items() if field != "key"}
    run, is_new = BulkRun.objects.get_or_create(
        pk=action.cleaned_data["key"], defaults={"action": name, "fields": said, "by": by}
    )
    if is_new:
        BulkRow.objects.bulk_create(BulkRow(run=run, **target._asdict()) for target in chosen)
    return run
