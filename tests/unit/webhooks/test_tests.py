"""A receiver is tested by a message that says so, to it alone, which goes the way of all others."""

from datetime import timedelta

import pytest
from standardwebhooks import Webhook

from eventbus import now
from eventbus.bridges.webhooks import services
from eventbus.bridges.webhooks.errors import CannotSend
from eventbus.bridges.webhooks.events import SubscriptionTested
from eventbus.bridges.webhooks.models import Attempt, Message, Subscription
from eventbus.testing import emitted
from tests.unit.webhooks.facts import secret_of, settle, states, subscribed, told
from tests.unit.webhooks.receiver import FAILING, OK, answer, receiving

pytestmark = pytest.mark.django_db

TESTED = "webhooks.SubscriptionTested"


def test_test_says_that_it_is_one_and_is_signed_as_all_that_is_sent(receiver):
    subscription = subscribed(receiver)
    message = services.send_test(subscription.pk, "ada")
    settle()
    [event] = told(receiver)
    assert (event["type"], event["subject"]) == (TESTED, str(subscription.pk))
    assert event["data"] == {"subscription_id": str(subscription.pk)}
    [got] = receiver.received
    assert Webhook(secret_of[subscription.pk]).verify(got.body, got.headers) == event
    assert got.headers["webhook-id"] == str(message.event_id)


def test_test_reaches_one_receiver_alone(receiver):
    tested = subscribed(receiver, owner="user-1")
    with receiving() as other:
        for owner in ("", "user-1", "user-2"):
            subscribed(other, owner=owner)
        services.send_test(tested.pk, "ada")
        settle()
        assert (len(receiver.received), len(other.received)) == (1, 0)


def test_who_asks_for_a_test_does_not_wait_for_the_receiver(receiver):
    message = services.send_test(subscribed(receiver).pk, "ada")
    assert (receiver.received, message.state) == ([], "pending")


def test_test_that_is_not_taken_is_sent_again_by_the_schedule_and_each_attempt_logged(receiver):
    subscription = subscribed(receiver)
    receiver.answers = [FAILING, OK]
    services.send_test(subscription.pk, "ada")
    settle()
    assert Subscription.objects.get().failing_since
    settle(scheduled=True)
    assert states() == ["delivered"]
    logged = Attempt.objects.values_list("status", "asked_by")
    assert list(logged) == [(200, "ada"), (500, "ada")]


def test_test_that_was_taken_is_sent_again_when_asked_for(receiver):
    message = services.send_test(subscribed(receiver).pk, "ada")
    settle()
    services.send_again(Message.objects.get(pk=message.pk), "bob")
    settle()
    assert [event["type"] for event in told(receiver)] == [TESTED] * 2
    assert len({got.headers["webhook-id"] for got in receiver.received}) == 1


def test_receiver_that_rests_is_tested_at_once(receiver):
    subscription = subscribed(receiver)
    Subscription.objects.update(rests_until=now() + timedelta(hours=1), unanswered=5)
    services.send_test(subscription.pk, "ada")
    settle()
    assert states() == ["delivered"]


def test_who_is_disabled_is_sent_no_test_then_or_later(receiver):
    subscription = subscribed(receiver)
    services.disable(subscription.pk)
    with pytest.raises(CannotSend, match="disabled: enable it first"):
        services.send_test(subscription.pk, "ada")
    services.enable(subscription.pk)
    settle(scheduled=True)
    assert receiver.received == []
    assert not emitted(SubscriptionTested)


def test_who_answers_a_test_with_gone_is_disabled(receiver):
    subscription = subscribed(receiver)
    receiver.answers = [answer(410)]
    services.send_test(subscription.pk, "ada")
    settle()
    assert Subscription.objects.get().disabled_because == "gone"


def test_nobody_subscribes_to_tests():
    assert TESTED not in {offer.type for offer in services.offers()}
