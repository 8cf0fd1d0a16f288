"""The shop's reactions about webhooks."""

from typing import Any

from eventbus import emit, reacts_to
from eventbus.bridges.webhooks.events import SubscriptionDisabled
from shop.accounts import user_of
from shop.accounts.profile import language_of
from shop.webhooks.events import WebhookDisabled


@reacts_to(SubscriptionDisabled, emits=[WebhookDisabled])
def tell_owner_of_disabled_webhook(event: SubscriptionDisabled) -> None:
    """Have a mail written to the customer, unless a person has disabled it."""
    user: Any = user_of(event.owner)
    if user and event.reason != "person":
        emit(
            WebhookDisabled(
                customer_id=event.owner,
                email=user.email,
                host=event.host,
                gone=event.reason == "gone",
                language=language_of(event.owner),
            )
        )
