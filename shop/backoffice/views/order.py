"""An order's page, and the dialogs of what staff can do to it."""

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
from shop.backoffice.order import Facts, facts_of
from shop.backoffice.order.timeline import rows_of, timeline
from shop.backoffice.order.trouble import troubles
from shop.backoffice.views.links import customer_address, story_address


@require_safe
def order_page(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Everything about one order."""
    facts = _facts(request, order_id)
    rows = rows_of(order_id)
    in_full = request.user.has_perm("eventbus.see_personal")
    context = {
        **admin.site.each_context(request),
        "title": f"Order {facts.order.number}",
        "facts": facts,
        "order": facts.order,
        "buttons": _buttons(request, facts),
        "rights": {name: request.user.has_perm(each.permission) for name, each in ACTIONS.items()},
        "troubles": troubles(rows, in_full=in_full),
        "days": timeline(order_id, rows, in_full=in_full),
        "may_give_up": request.user.has_perm("shipping.ship_by_hand"),
        "may_resend": request.user.has_perm("notifications.resend_mail"),
        "may_decide_returns": request.user.has_perm("orders.change_return"),
        "comment": ACTIONS["comment"](facts, auto_id="comment_%s"),
        "story": story_address(request, order_id),
        "customer": customer_address(request, facts.order.customer_id),
        "may_see_stock": request.user.has_perm("inventory.view_stock"),
    }
    return TemplateResponse(request, "staff/order/page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, order_id: UUID, name: str, part: UUID | None = None) -> HttpResponse:
    """One dialog: shown by GET, done by POST."""
    action_class = ACTIONS.get(name)
    if action_class is None:
        raise Http404(f"there is no action {name}")
    if not request.user.has_perm(action_class.permission):
        raise PermissionDenied
    facts = _facts(request, order_id)
    action = action_class(facts, part, request.POST if request.method == "POST" else None)
    if not action.is_about_the_order() or (action.of_part and part is None):
        raise Http404("it is not about this order")
    if request.method == "POST" and action.is_valid():
        told = action.press(cast(AbstractUser, request.user))
        if not action.errors:
            _tell(request, action, told)
            return redirect("admin:order", order_id)
    return _dialog(request, facts, action)


def _facts(request: HttpRequest, order_id: UUID) -> Facts:
    if not request.user.has_perm("orders.view_order"):
        raise PermissionDenied
    try:
        return facts_of(order_id)
    except UnknownOrder as error:
        raise Http404(str(error)) from error


def _buttons(request: HttpRequest, facts: Facts) -> dict[str, type[Action]]:
    """The dialogs that this person is offered now."""
    return {
        name: action
        for name, action in ACTIONS.items()
        if name != "comment"
        and not action.of_part
        and request.user.has_perm(action.permission)
        and action.offered(facts)
    }


def _tell(request: HttpRequest, action: Action, told: str | None) -> None:
    if told is None:
        messages.info(request, f"{action.title}: this was done already.")
    else:
        messages.success(request, f"{action.title}: you {told}." if told else "Added.")


def _dialog(request: HttpRequest, facts: Facts, action: Action) -> HttpResponse:
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": f"{action.title}: order {facts.order.number}",
        "order": facts.order,
        "action": action,
    }
    refused = action.is_bound
    return TemplateResponse(
        request, "staff/order/action.html", context, status=422 if refused else 200
    )
