"""Webhooks of a customer, and what was sent to them."""

from django.utils import timezone
from uuid6 import uuid7

from eventbus.bridges.webhooks import services
from eventbus.bridges.webhooks.models import Attempt, Message, Subscription

PLACED, SHIPPED = "orders.OrderPlaced", "shipping.OrderShipped"
WISH = {"url": "https://receiver.example/hook", "event_types": [PLACED, SHIPPED]}

#: One address for each reason.
REFUSED = (
    "ftp://example.com",
    "https://[::1/",
    "https://a@example.com/",
    "https://example.com/#part",
    "https://example.com:22/",
    "https://10.0.0.1/",
    "https://localhost/",
    "https://example.com/ü",
    "https://-ü-.example/",
    "https://example.com/a b",
    f"https://example.com/{'a' * 500}",
)


def subscribed(owner: str, **other) -> Subscription:
    return services.subscribe(owner, **{**WISH, **other})[0]


def told(
    owner: str,
    number: int,
    hook: Subscription | None = None,
    *,
    state: str = "pending",
    status: int | None = None,
    error: str = "",
    response: str = "",
) -> Message:
    """An event that was sent once, to a webhook of its own as long as another one may be made."""
    if hook is None:
        mine = services.subscriptions_of(owner)
        is_room = mine.count() < services.MOST_SUBSCRIPTIONS
        hook = subscribed(owner, url=f"https://n{number}.example/") if is_room else mine[0]
    message = Message.objects.create(
        subscription=hook,
        event_id=uuid7(),
        event_type=PLACED,
        subject="1",
        state=state,
        attempts=1,
        next_attempt_at=timezone.now() if state == "pending" else None,
    )
    Attempt.objects.create(
        message=message,
        at=timezone.now(),
        status=status,
        duration_ms=12,
        error=error,
        response=response,
    )
    return message
