"""The order page, and the dialogs of its actions."""

from typing import Any, cast
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from orders.errors import UnknownOrder
from shop.backoffice.actions import ACTIONS, Action
from shop.backoffice.order import OrderOverview, overview_of
from shop.backoffice.order.problems import problems
from shop.backoffice.order.timeline import rows_of, timeline
from shop.backoffice.views.links import customer_url, story_url


@require_safe
def order_page(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Show everything about one order."""
    overview = _overview(request, order_id)
    rows = rows_of(order_id)
    in_full = request.user.has_perm("eventbus.see_personal")
    context = {
        **admin.site.each_context(request),
        "title": f"Order {overview.order.number}",
        "overview": overview,
        "order": overview.order,
        "buttons": _buttons(request, overview),
        "rights": {name: request.user.has_perm(each.permission) for name, each in ACTIONS.items()},
        "problems": problems(rows, in_full=in_full),
        "days": timeline(order_id, rows, in_full=in_full),
        "may_give_up": request.user.has_perm("shipping.ship_by_hand"),
        "may_resend": request.user.has_perm("notifications.resend_mail"),
        "may_decide_returns": request.user.has_perm("orders.change_return"),
        "comment": ACTIONS["comment"](overview, auto_id="comment_%s"),
        "story": story_url(request, order_id),
        "customer": customer_url(request, overview.order.customer_id),
        "may_see_stock": request.user.has_perm("inventory.view_stock"),
    }
    return TemplateResponse(request, "staff/order/page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, order_id: UUID, name: str, part: UUID | None = None) -> HttpResponse:
    """Show an action's dialog by GET, submit it by POST."""
    action_class = ACTIONS.get(name)
    if action_class is None:
        raise Http404(f"there is no action {name}")
    if not request.user.has_perm(action_class.permission):
        raise PermissionDenied
    overview = _overview(request, order_id)
    action = action_class(overview, part, request.POST if request.method == "POST" else None)
    if not action.is_about_the_order() or (action.of_part and part is None):
        raise Http404("it is not about this order")
    if request.method == "POST" and action.is_valid():
        outcome = action.submit(cast(AbstractUser, request.user))
        if not action.errors:
            _add_message(request, action, outcome)
            return redirect("admin:order", order_id)
    return _dialog(request, overview, action)


def _overview(request: HttpRequest, order_id: UUID) -> OrderOverview:
    if not request.user.has_perm("orders.view_order"):
        raise PermissionDenied
    try:
        return overview_of(order_id)
    except UnknownOrder as error:
        raise Http404(str(error)) from error


def _buttons(request: HttpRequest, overview: OrderOverview) -> dict[str, type[Action]]:
    """Return the actions that have a button for this user now."""
    return {
        name: action
        for name, action in ACTIONS.items()
        if name != "comment"
        and not action.of_part
        and request.user.has_perm(action.permission)
        and action.is_available(overview)
    }


def _add_message(request: HttpRequest, action: Action, outcome: str | None) -> None:
    if outcome is None:
        messages.info(request, f"{action.title}: this was done already.")
    else:
        messages.success(request, f"{action.title}: you {outcome}." if outcome else "Added.")


def _dialog(request: HttpRequest, overview: OrderOverview, action: Action) -> HttpResponse:
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": f"{action.title}: order {overview.order.number}",
        "order": overview.order,
        "action": action,
    }
    refused = action.is_bound
    return TemplateResponse(
        request, "staff/order/action.html", context, status=422 if refused else 200
    )
