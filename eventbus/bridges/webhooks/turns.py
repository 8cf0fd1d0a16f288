"""A subscription's turn: some of what is due is sent, and what came of it is written down.

Each subscription has one turn to come at most, and one turn is short. So a receiver that is slow
or away takes little time of the worker, and has others wait for that long alone.
"""

import time
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from eventbus import CannotOpen, emit, now
from eventbus.bridges.webhooks.client import Request, post
from eventbus.bridges.webhooks.events import SendingDue, SubscriptionDisabled
from eventbus.bridges.webhooks.models import Attempt, Message, Subscription
from eventbus.bridges.webhooks.noting import give_turn
from eventbus.bridges.webhooks.outcome import Outcome
from eventbus.bridges.webhooks.payloads import body_of
from eventbus.delivery.models import OutboxEvent
from eventbus.exceptions import BusError, in_one_line

#: Messages of one turn at most, and the time after which it sends no further one.
MOST, TURN = 20, timedelta(seconds=10)


def begin(event: SendingDue) -> list[Request]:
    """Return what this turn is to send; nothing where another turn has taken its place."""
    with Subscription.objects.get_known_for_update(pk=[event.subscription_id]) as found:
        for subscription in found.values():
            if subscription.turn == event.turn and subscription.is_enabled:
                return list(_requests(subscription, max(event.at, now())))
    return []


def make(requests: Sequence[Request]) -> list[Outcome]:
    """Send what there is time for, up to one that is not answered: who is away stays away."""
    outcomes: list[Outcome] = []
    until = time.monotonic() + TURN.total_seconds()
    for request in requests:
        outcomes.append(post(request))
        if time.monotonic() >= until or outcomes[-1].status is None or outcomes[-1].is_gone:
            break
    return outcomes


def end(event: SendingDue, outcomes: Sequence[Outcome]) -> None:
    """Write down what came of a turn, and give the next one, if this is still the last."""
    with Subscription.objects.get_known_for_update(pk=[event.subscription_id]) as found:
        for subscription in found.values():
            _record(subscription, outcomes)
            if subscription.turn == event.turn and subscription.is_enabled:
                subscription.turn_at = None
                _go_on(subscription, outcomes)


def disable(subscription: Subscription, because: str) -> None:
    """Disable a locked subscription, and say so."""
    failing_since = subscription.failing_since
    subscription.disable(because)
    emit(
        SubscriptionDisabled(
            subscription_id=subscription.pk,
            owner=subscription.owner,
            host=subscription.host,
            reason=because,
            failing_since=failing_since,
        )
    )


def _requests(subscription: Subscription, by: datetime) -> Iterator[Request]:
    """Yield a request for each message due by then; what cannot be sent is given up at once."""
    pending = Message.objects.pending(subscription)
    messages = list(pending.filter(next_attempt_at__lte=by)[:MOST])
    rows = OutboxEvent.objects.in_bulk([message.event_id for message in messages])
    for message in messages:
        try:
            yield _request(subscription, message, rows.get(message.event_id))
        except (BusError, CannotOpen) as error:
            _give_up(message, in_one_line(error))


def _request(subscription: Subscription, message: Message, row: OutboxEvent | None) -> Request:
    """Raises `BusError` for an event that is not there any more, or that nobody can read."""
    if row is None:
        raise BusError("the event is not in the history any more")
    return Request(
        message.pk,
        message.event_id,
        subscription.url,
        body_of(row, subscription),
        tuple(subscription.secrets()),
    )


def _give_up(message: Message, why: str) -> None:
    message.state, message.next_attempt_at = Message.State.FAILED, None
    message.save(update_fields=["state", "next_attempt_at"])
    Attempt.of(message, Outcome(message.pk, now(), 0, error=why)).save()


def _record(subscription: Subscription, outcomes: Sequence[Outcome]) -> None:
    """Note what came of each message; one that was deleted meanwhile is nobody's."""
    messages = Message.objects.in_bulk([outcome.message_id for outcome in outcomes])
    there = [outcome for outcome in outcomes if outcome.message_id in messages]
    Attempt.objects.bulk_create(
        Attempt.of(messages[outcome.message_id], outcome) for outcome in there
    )
    for outcome in there:
        messages[outcome.message_id].record(outcome)
    Message.objects.bulk_update(messages.values(), ["attempts", "state", "next_attempt_at"])
    subscription.record(there)


def _go_on(subscription: Subscription, outcomes: Sequence[Outcome]) -> None:
    """Disable a subscription that has nobody behind it; otherwise give it the turn that is due."""
    if any(outcome.is_gone for outcome in outcomes):
        disable(subscription, "gone")
    elif subscription.has_failed_for_long():
        disable(subscription, "failing")
    elif first := Message.objects.pending(subscription).first():
        give_turn(subscription, first.next_attempt_at or now())
