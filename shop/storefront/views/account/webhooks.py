"""A customer's webhooks: web servers of their own that are told what happens to their orders."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import model_to_dict
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from eventbus.bridges.webhooks import services
from eventbus.bridges.webhooks.errors import CannotSend
from shop import accounts
from shop.storefront.forms.webhooks import WebhookForm
from shop.storefront.views import UNPROCESSABLE
from shop.storefront.views.account.guard import for_customers

PER_PAGE = 20
#: In the session: the webhook whose new secret its page is to show, once.
NEW = "new_secret_of"

#: Where data goes to is said by who knows the password.
with_password = reauthentication_required(app="allauth.account", allow_get=True)


@require_safe
@for_customers
def show(request: HttpRequest) -> HttpResponse:
    """Show the customer's webhooks, and what came of the last request to each."""
    last = services.last_attempts_of(_me(request))
    found = services.subscriptions_of(_me(request))
    context = {"webhooks": [(webhook, last.get(webhook.pk)) for webhook in found]}
    return render(request, "storefront/account/webhooks.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_customers
@with_password
def add(request: HttpRequest) -> HttpResponse:
    form = WebhookForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with form.refusals():
            webhook, _secret = services.subscribe(_me(request), **form.cleaned_data)
            return _to_secret(request, webhook.pk)
    return _form_page(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
@for_customers
@with_password
def edit(request: HttpRequest, webhook_id: UUID) -> HttpResponse:
    webhook = _mine(request, webhook_id)
    form = WebhookForm(
        request.POST if request.method == "POST" else None,
        initial=model_to_dict(webhook, fields=[*WebhookForm.base_fields]),
    )
    if form.is_valid():
        with form.refusals():
            services.change(webhook_id, **form.cleaned_data)
            messages.success(request, _("The webhook is saved."))
            return _to(webhook_id)
    return _form_page(request, form, webhook)


@require_safe
@for_customers
def detail(request: HttpRequest, webhook_id: UUID) -> HttpResponse:
    """Show a webhook with the log of what was sent; after a new secret was made that too, once."""
    webhook = _mine(request, webhook_id)
    log = Paginator(services.messages_of(webhook), PER_PAGE)
    context = {
        "webhook": webhook,
        "page": log.get_page(request.GET.get("page")),
        "secret": _new_secret(request, webhook),
    }
    return render(request, "storefront/account/webhook.html", context)


@require_POST
@for_customers
def enable(request: HttpRequest, webhook_id: UUID) -> HttpResponse:
    services.enable(_mine(request, webhook_id).pk)
    messages.success(request, _("The webhook is enabled. What still waits is sent now."))
    return _to(webhook_id)


@require_POST
@for_customers
def disable(request: HttpRequest, webhook_id: UUID) -> HttpResponse:
    services.disable(_mine(request, webhook_id).pk)
    messages.success(request, _("The webhook is disabled: your server is told of nothing."))
    return _to(webhook_id)


@require_POST
@for_customers
@with_password
def new_secret(request: HttpRequest, webhook_id: UUID) -> HttpResponse:
    services.rotate_secret(_mine(request, webhook_id).pk)
    return _to_secret(request, webhook_id)


@require_POST
@for_customers
def send_test(request: HttpRequest, webhook_id: UUID) -> HttpResponse:
    """Send a message that says it is a test; what comes of it is in the log, as of any other."""
    sent = _("A test message is sent. Load this page anew to see what came of it.")
    with _told(request, sent):
        services.send_test(_mine(request, webhook_id).pk, _me(request))
    return _to(webhook_id)


@require_http_methods(["GET", "HEAD", "POST"])
@for_customers
def delete(request: HttpRequest, webhook_id: UUID) -> HttpResponse:
    """Ask first: the log goes with it, and another one has another secret."""
    webhook = _mine(request, webhook_id)
    if request.method != "POST":
        return render(request, "storefront/account/webhook_delete.html", {"webhook": webhook})
    webhook.delete()
    messages.success(request, _("The webhook to %(host)s is deleted.") % {"host": webhook.host})
    return redirect("storefront:webhooks")


@require_POST
@for_customers
def send_again(request: HttpRequest, webhook_id: UUID, message_id: UUID) -> HttpResponse:
    """Send an event once more, and show the page of the log that it was asked for on."""
    message = get_object_or_404(services.messages_of(_mine(request, webhook_id)), pk=message_id)
    sent = _("The event is sent again. Load this page anew to see what came of it.")
    with _told(request, sent):
        services.send_again(message, _me(request))
    return _to(webhook_id, request.GET)


@contextmanager
def _told(request: HttpRequest, sent: str) -> Iterator[None]:
    """Tell the customer that something is sent, or that it cannot be."""
    try:
        yield
    except CannotSend:
        messages.error(request, _("This webhook is disabled. Enable it first."))
    else:
        messages.success(request, sent)


def _me(request: HttpRequest) -> str:
    return accounts.customer_id(request.user)


def _mine(request: HttpRequest, webhook_id: UUID) -> services.Subscription:
    return get_object_or_404(services.subscriptions_of(_me(request)), pk=webhook_id)


def _to(webhook_id: UUID, query: QueryDict | None = None) -> HttpResponse:
    return redirect(reverse("storefront:webhook", args=[webhook_id], query=query))


def _to_secret(request: HttpRequest, webhook_id: UUID) -> HttpResponse:
    request.session[NEW] = str(webhook_id)
    return _to(webhook_id)


def _new_secret(request: HttpRequest, webhook: services.Subscription) -> str:
    """Return the secret that was just made. It is in no session: the row has it, sealed."""
    if request.session.get(NEW) != str(webhook.pk):
        return ""
    del request.session[NEW]
    return webhook.secrets()[0]


def _form_page(
    request: HttpRequest, form: WebhookForm, webhook: services.Subscription | None = None
) -> HttpResponse:
    context = {"form": form, "webhook": webhook}
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "storefront/account/webhook_form.html", context, status=status)
