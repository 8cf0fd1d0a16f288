"""Webhooks: a customer's own web server is told of what happens to their orders."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Query, Router, Status

from eventbus.bridges.webhooks import services
from eventbus.bridges.webhooks.errors import CannotSend, RefusedSubscription
from shop.api.auth import customer_id, token
from shop.api.problems import Refusal, missing, wrong
from shop.api.schemas import Json, PageQuery, page_of
from shop.api.webhook_schemas import (
    NewWebhook,
    Secret,
    Webhook,
    WebhookChange,
    WebhookEvent,
    WebhookEvents,
    WebhookMessage,
    WebhookMessages,
    WebhookRequest,
    Webhooks,
)
from shop.storefront.seo import absolute
from shop.webhooks import texts

router = Router(tags=["Webhooks"], auth=token)


@router.get("/webhook-events", response=WebhookEvents, operation_id="listWebhookEvents")
def events(request: HttpRequest) -> WebhookEvents:
    """List the types of events that can be subscribed to."""
    return WebhookEvents(events=[WebhookEvent.of(offer) for offer in services.offers()])


@router.get("/webhooks", response=Webhooks, operation_id="listWebhooks")
def webhooks(request: HttpRequest) -> Json:
    """List the customer's webhooks, the newest first."""
    found = services.subscriptions_of(customer_id(request))
    return {"webhooks": [Webhook.values(webhook) for webhook in found]}


@router.post("/webhooks", response={201: NewWebhook}, operation_id="openWebhook")
def subscribe(request: HttpRequest, answer: HttpResponse, wanted: WebhookRequest) -> Status[Json]:
    """Have your server told of events. The answer has the secret, this once."""
    with _refusals():
        webhook, secret = services.subscribe(customer_id(request), **wanted.dict())
    answer["Location"] = absolute(reverse("api:webhook", args=[webhook.pk]))
    return Status(201, {**Webhook.values(webhook), "secret": secret})


@router.get(
    "/webhooks/{webhook_id}", response=Webhook, operation_id="getWebhook", url_name="webhook"
)
def webhook(request: HttpRequest, webhook_id: UUID) -> Json:
    """Show what you are told of, and whether it is taken."""
    return Webhook.values(_of_caller(request, webhook_id))


@router.patch("/webhooks/{webhook_id}", response=Webhook, operation_id="changeWebhook")
def change(request: HttpRequest, webhook_id: UUID, wanted: WebhookChange) -> Json:
    """Change what you are told of, or where; enable it again, or have it wait."""
    _of_caller(request, webhook_id)
    with _refusals():
        services.change(webhook_id, **wanted.dict(exclude_none=True))
    return Webhook.values(_of_caller(request, webhook_id))


@router.delete("/webhooks/{webhook_id}", response={204: None}, operation_id="closeWebhook")
def close(request: HttpRequest, webhook_id: UUID) -> Status[None]:
    """End a webhook; its log goes with it."""
    _of_caller(request, webhook_id).delete()
    return Status(204, None)


@router.post("/webhooks/{webhook_id}/secret", response=Secret, operation_id="newWebhookSecret")
def new_secret(request: HttpRequest, webhook_id: UUID) -> Secret:
    """Make a new secret. For a day both sign: put the new one in place meanwhile."""
    _of_caller(request, webhook_id)
    return Secret(secret=services.rotate_secret(webhook_id))


@router.post(
    "/webhooks/{webhook_id}/test", response={202: WebhookMessage}, operation_id="testWebhook"
)
def send_test(request: HttpRequest, webhook_id: UUID) -> Status[Json]:
    """Send this webhook alone a test, `webhooks.SubscriptionTested`; none while it is disabled."""
    _of_caller(request, webhook_id)
    with _enabled():
        message = services.send_test(webhook_id, customer_id(request))
    return Status(202, WebhookMessage.values(message))


@router.get(
    "/webhooks/{webhook_id}/messages",
    response=WebhookMessages,
    operation_id="listWebhookMessages",
)
def messages(request: HttpRequest, webhook_id: UUID, wanted: Query[PageQuery]) -> Json:
    """List what you are told of, and what came of each attempt, the newest first."""
    found, place = page_of(services.messages_of(_of_caller(request, webhook_id)), wanted)
    return {"messages": [WebhookMessage.values(message) for message in found], **place}


@router.post(
    "/webhooks/{webhook_id}/messages/{message_id}/send",
    response={202: WebhookMessage},
    operation_id="sendWebhookAgain",
)
def send_again(request: HttpRequest, webhook_id: UUID, message_id: UUID) -> Status[Json]:
    """Send an event once more, at once; also one that was taken."""
    found = services.messages_of(_of_caller(request, webhook_id)).filter(pk=message_id).first()
    if found is None:
        raise missing(_("There is no such message."))
    with _enabled():
        services.send_again(found, customer_id(request))
    return Status(202, WebhookMessage.values(found))


def _of_caller(request: HttpRequest, webhook_id: UUID) -> services.Subscription:
    """Return the caller's own; those of others are as good as not there."""
    found = services.subscriptions_of(customer_id(request)).filter(pk=webhook_id).first()
    if found is None:
        raise missing(_("There is no such webhook."))
    return found


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except RefusedSubscription as refusal:
        raise wrong({refusal.field: [texts.why(refusal)]}) from refusal


@contextmanager
def _enabled() -> Iterator[None]:
    try:
        yield
    except CannotSend as refusal:
        raise Refusal(409, _("This webhook is disabled. Enable it first.")) from refusal
