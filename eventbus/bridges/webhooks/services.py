"""What people do with subscriptions: make, change, end and test them, and send again."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery

from eventbus import emit, emits, now
from eventbus.bridges.webhooks import turns
from eventbus.bridges.webhooks.errors import CannotSend, RefusedSubscription
from eventbus.bridges.webhooks.events import SendingDue, SubscriptionDisabled, SubscriptionTested
from eventbus.bridges.webhooks.models import Attempt, Message, Subscription
from eventbus.bridges.webhooks.noting import give_turn, message_of
from eventbus.bridges.webhooks.offers import Offer, checked_types, offers
from eventbus.bridges.webhooks.receiver_url import checked_url
from eventbus.bridges.webhooks.signing import new_secret

__all__ = ["Attempt", "Message", "Offer", "Subscription", "offers"]

#: Subscriptions that one owner may have at a time.
MOST_SUBSCRIPTIONS = 10


@transaction.atomic
def subscribe(
    owner: str,
    url: str,
    event_types: list[str],
    *,
    description: str = "",
    sees_personal: bool = False,
) -> tuple[Subscription, str]:
    """Return a new subscription and its secret, which nobody is shown again.

    Raises `RefusedSubscription` naming the field that is wrong.
    """
    if owner and subscriptions_of(owner).count() >= MOST_SUBSCRIPTIONS:
        message = "you have %(most)s subscriptions already"
        raise RefusedSubscription("url", message, most=MOST_SUBSCRIPTIONS)
    subscription = Subscription(
        owner=owner,
        url=checked_url(url),
        event_types=checked_types(event_types),
        description=description,
        sees_personal=sees_personal,
    )
    secret = new_secret()
    subscription.sign_with(secret)
    subscription.save()
    return subscription, secret


def subscriptions_of(owner: str) -> QuerySet[Subscription]:
    """Return the subscriptions of an owner, the newest first."""
    return Subscription.objects.filter(owner=owner).order_by("-created_at")


def last_attempts_of(owner: str) -> dict[UUID, Attempt]:
    """Return the last request to each receiver of an owner, by the subscription's id."""
    newest = Attempt.objects.filter(message__subscription=OuterRef("pk")).order_by("-at")
    ids = subscriptions_of(owner).order_by().values_list(Subquery(newest.values("pk")[:1]))
    found = Attempt.objects.filter(pk__in=ids).select_related("message")
    return {attempt.message.subscription_id: attempt for attempt in found}


def messages_of(subscription: Subscription) -> QuerySet[Message]:
    """Return what a receiver is told of, the newest first, with the log of each."""
    theirs = Message.objects.filter(subscription=subscription).prefetch_related("log")
    return theirs.order_by("-created_at", "-event_id")


@emits(SendingDue, SubscriptionDisabled)
@transaction.atomic
def change(
    subscription_id: UUID,
    *,
    url: str | None = None,
    event_types: list[str] | None = None,
    description: str | None = None,
    sees_personal: bool | None = None,
    enabled: bool | None = None,
) -> None:
    """Change what is given of a subscription. Raises `RefusedSubscription`."""
    wanted = {
        "url": None if url is None else checked_url(url),
        "event_types": None if event_types is None else checked_types(event_types),
        "description": description,
        "sees_personal": sees_personal,
    }
    with Subscription.objects.get_for_update(pk=subscription_id) as subscription:
        for name, value in wanted.items():
            if value is not None:
                setattr(subscription, name, value)
        if enabled is not None:
            (_enable if enabled else _disable)(subscription)


@transaction.atomic
def rotate_secret(subscription_id: UUID) -> str:
    """Return a new secret; the old one signs as well for `EVENTBUS_WEBHOOKS_OLD_SECRET_FOR`."""
    secret = new_secret()
    with Subscription.objects.get_for_update(pk=subscription_id) as subscription:
        subscription.sign_with(secret)
    return secret


@emits(SendingDue)
@transaction.atomic
def enable(subscription_id: UUID) -> None:
    """Have a receiver told again, at once of what still waits for it."""
    with Subscription.objects.get_for_update(pk=subscription_id) as subscription:
        _enable(subscription)


@emits(SubscriptionDisabled)
@transaction.atomic
def disable(subscription_id: UUID) -> None:
    """Have a receiver told of nothing, until it is enabled again."""
    with Subscription.objects.get_for_update(pk=subscription_id) as subscription:
        _disable(subscription)


@emits(SendingDue, SubscriptionTested)
@transaction.atomic
def send_test(subscription_id: UUID, by: str) -> Message:
    """Return a message to one receiver that says it is a test, sent as any other; `by` is logged.

    Raises `CannotSend` while the subscription is disabled.
    """
    with _sending_now(subscription_id) as subscription:
        event = SubscriptionTested(subscription_id=subscription.pk)
        emit(event)
        message = message_of(subscription, event)
        message.asked_by = by
        message.save()
    return message


@emits(SendingDue)
@transaction.atomic
def send_again(message: Message, by: str) -> None:
    """Send a message once more at once, and again by the schedule if it fails; `by` is logged.

    Raises `CannotSend` while its subscription is disabled.
    """
    with _sending_now(message.subscription_id):
        message.ask_again(by)
        message.save(update_fields=["state", "attempts", "next_attempt_at", "asked_by"])


@contextmanager
def _sending_now(subscription_id: UUID) -> Iterator[Subscription]:
    """Have what is saved within the block sent at once, even to who did not answer just now."""
    with Subscription.objects.get_for_update(pk=subscription_id) as subscription:
        if not subscription.is_enabled:
            raise CannotSend("the subscription is disabled: enable it first")
        yield subscription
        subscription.rests_until = None
        give_turn(subscription, now())


def _enable(subscription: Subscription) -> None:
    if not subscription.is_enabled:
        subscription.enable()
        give_turn(subscription, now())


def _disable(subscription: Subscription) -> None:
    if subscription.is_enabled:
        turns.disable(subscription, "person")
