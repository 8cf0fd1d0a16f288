"""Webhooks as the API takes and shows them."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Field, Schema
from pydantic import StrictBool, StringConstraints

from eventbus.bridges.webhooks.services import Attempt, Message, Offer, Subscription
from shop.api.schemas import NO_ZERO, Json, Paged, RequestBody

Url = Annotated[
    str,
    StringConstraints(min_length=1, max_length=500, pattern=NO_ZERO),
    Field(
        examples=["https://example.com/hooks/shop"],
        description="where events are posted to; https, and a server on the public internet",
    ),
]
EventType = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=NO_ZERO)]
EventTypes = Annotated[
    list[EventType],
    Field(
        min_length=1,
        max_length=100,
        examples=[["orders.OrderPlaced", "shipping.OrderShipped"]],
        description="what you are told of: see listWebhookEvents",
    ),
]
Description = Annotated[
    str, StringConstraints(max_length=200, pattern=NO_ZERO), Field(description="for yourself")
]
SeesPersonal = Annotated[
    StrictBool,
    Field(
        description="whether names, addresses and what people wrote are sent; else they are blank"
    ),
]


class WebhookEvent(Schema):
    """A type of events that can be subscribed to."""

    type: str = Field(examples=["orders.OrderPlaced"])
    about: str = Field(examples=["A shopper placed an order."])

    @classmethod
    def of(cls, offer: Offer) -> "WebhookEvent":
        return cls(type=offer.type, about=offer.about)


class WebhookEvents(Schema):
    """All of them."""

    events: list[WebhookEvent]


class WebhookRequest(RequestBody):
    """What you want to be told of, and where."""

    url: Url
    event_types: EventTypes
    description: Description = ""
    sees_personal: SeesPersonal = False


class WebhookChange(RequestBody):
    """What is to be otherwise; what is not named stays."""

    url: Url | None = None
    event_types: EventTypes | None = None
    description: Description | None = None
    sees_personal: SeesPersonal | None = None
    enabled: StrictBool | None = Field(
        None, description="false: you are told of nothing; true: you are again"
    )


class Webhook(Schema):
    """What you are told of, and where."""

    id: UUID
    url: str
    event_types: list[str]
    description: str
    sees_personal: bool
    enabled: bool
    disabled_because: str = Field(
        examples=["failing"],
        description="gone: your server answered 410; failing: it took nothing for days; person; "
        "empty: it is enabled",
    )
    failing_since: datetime | None = Field(description="since when it takes nothing")
    created_at: datetime

    @staticmethod
    def values(webhook: Subscription) -> Json:
        return {
            "id": webhook.id,
            "url": webhook.url,
            "event_types": webhook.event_types,
            "description": webhook.description,
            "sees_personal": webhook.sees_personal,
            "enabled": webhook.is_enabled,
            "disabled_because": webhook.disabled_because,
            "failing_since": webhook.failing_since,
            "created_at": webhook.created_at,
        }


class Webhooks(Schema):
    """A customer's webhooks, the newest first."""

    webhooks: list[Webhook]


class Secret(Schema):
    """What events are signed with."""

    secret: str = Field(
        examples=["whsec_…"], description="by Standard Webhooks; it is not shown again"
    )


class NewWebhook(Webhook, Secret):
    """A webhook that was just made, with its secret."""


class WebhookAttempt(Schema):
    """One request to your server."""

    at: datetime
    status: int | None = Field(description="what it answered; null: nothing")
    duration_ms: int
    error: str = Field(description="why it does not count as taken; empty: it does")
    response: str = Field(description="how its answer began")

    @staticmethod
    def values(attempt: Attempt) -> Json:
        return {
            "at": attempt.at,
            "status": attempt.status,
            "duration_ms": attempt.duration_ms,
            "error": attempt.error,
            "response": attempt.response,
        }


class WebhookMessage(Schema):
    """An event that you are told of, and each attempt to, the newest first."""

    id: UUID
    event_id: UUID = Field(description="its webhook-id, the same in each attempt")
    event_type: str
    state: Literal["pending", "delivered", "failed"]
    next_attempt_at: datetime | None
    created_at: datetime
    attempts: list[WebhookAttempt]

    @staticmethod
    def values(message: Message) -> Json:
        return {
            "id": message.id,
            "event_id": message.event_id,
            "event_type": message.event_type,
            "state": message.state,
            "next_attempt_at": message.next_attempt_at,
            "created_at": message.created_at,
            "attempts": [WebhookAttempt.values(attempt) for attempt in message.log.all()],
        }


class WebhookMessages(Paged):
    """A page of the events that you are told of, the newest first."""

    messages: list[WebhookMessage]
