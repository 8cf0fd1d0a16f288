"""Noting events for those who subscribed to them, and giving a subscription its next turn."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain
from uuid import UUID

from eventbus import Event, because_of, emit, now
from eventbus.bridges.webhooks.events import SendingDue
from eventbus.bridges.webhooks.hooks import hooks
from eventbus.bridges.webhooks.models import Message, Subscription

#: Who owns a subscription of the house itself.
HOUSE = ""


def note(events: Sequence[Event]) -> None:
    """Keep a message for each subscription that wants an event and may be told of it."""
    wanting = Subscription.objects.wanting({event.type for event in events})
    if not wanting.exists():
        return
    owners = hooks.audience.owners(events)
    ids = wanting.filter(owner__in={HOUSE, *chain(*owners.values())}).values_list("pk", flat=True)
    with Subscription.objects.get_known_for_update(pk=ids) as found:
        told = {each: list(_told(each, events, owners)) for each in found.values()}
        Message.objects.bulk_create(
            [message_of(each, event) for each in told for event in told[each]],
            ignore_conflicts=True,
        )
        for subscription, theirs in told.items():
            if theirs:
                with because_of(theirs[-1]):
                    give_turn(subscription, now())


def message_of(subscription: Subscription, event: Event) -> Message:
    """Return the message that tells a receiver of an event, not yet saved."""
    return Message(
        subscription=subscription,
        event_id=event.id,
        event_type=event.type,
        subject=event.subject,
        next_attempt_at=now(),
    )


def give_turn(subscription: Subscription, at: datetime) -> None:
    """See to it that a locked subscription has a turn, not later than this and not while it rests.

    One that is to come later, or was begun and is not over, is none to wait for in the first case
    and sees to the rest itself in the second.
    """
    at = max(at, subscription.rests_until or at)
    if subscription.turn_at is None or subscription.turn_at > at:
        subscription.turn += 1
        subscription.turn_at = at
        emit(
            SendingDue(subscription_id=subscription.pk, turn=subscription.turn, at=at),
            publish_after=at if at > now() else None,
        )


def _told(
    subscription: Subscription,
    events: Sequence[Event],
    owners: Mapping[UUID, Collection[str]],
) -> Iterator[Event]:
    """Yield the events that a subscription wants, and may be told of, while it is enabled."""
    for event in events:
        is_theirs = subscription.owner in (HOUSE, *owners.get(event.id, ()))
        if subscription.is_enabled and event.type in subscription.event_types and is_theirs:
            yield event
