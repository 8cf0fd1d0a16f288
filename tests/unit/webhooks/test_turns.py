"""A receiver that fails is tried again, in time given up, and in nobody's way."""

from datetime import timedelta

import pytest
from standardwebhooks import Webhook

from eventbus import now
from eventbus.bridges.webhooks import services
from eventbus.bridges.webhooks.errors import CannotSend
from eventbus.bridges.webhooks.events import SendingDue, SubscriptionDisabled
from eventbus.bridges.webhooks.models import Attempt, Message, Subscription
from eventbus.testing import emitted
from notifications.models import Mail
from shop.accounts import customer_id
from tests.unit.storefront.people import account
from tests.unit.webhooks.facts import (
    COMPLETED,
    PLACED,
    complete,
    order_of,
    secret_of,
    settle,
    states,
    subscribed,
    types_told,
)
from tests.unit.webhooks.receiver import FAILING, OK, answer, receiving

pytestmark = pytest.mark.django_db

REFUSES = answer(400)
#: What never comes.
SILENCE = [b"", *[b""] * 20]


def again(subscription: Subscription) -> Subscription:
    return Subscription.objects.get(pk=subscription.pk)


def test_what_is_not_taken_is_sent_again_under_the_same_id_until_it_is(receiver):
    subscribed(receiver)
    receiver.answers = [FAILING, FAILING, OK]
    order_of()
    settle()
    assert (states(), len(receiver.received)) == (["pending"], 1)
    settle(scheduled=True)
    assert states() == ["delivered"]
    assert len({got.headers["webhook-id"] for got in receiver.received}) == 1
    assert len(receiver.received) == 3
    assert len({got.body for got in receiver.received}) == 1


def test_each_attempt_is_in_the_log_and_says_what_came_of_it(receiver):
    subscribed(receiver)
    receiver.answers = [FAILING, OK]
    order_of()
    settle(scheduled=True)
    taken, failed = Attempt.objects.all()
    assert (failed.status, failed.error, failed.response) == (500, "it answered 500", "sorry")
    assert (taken.status, taken.error, taken.response) == (200, "", "OK")


def test_waits_between_attempts_are_those_of_the_schedule(receiver, settings):
    settings.EVENTBUS_WEBHOOKS_RETRY_AFTER = [timedelta(minutes=1), timedelta(hours=1)]
    subscribed(receiver)
    receiver.answers = [REFUSES]
    order_of()
    settle()
    [message] = Message.objects.all()
    wait = message.next_attempt_at - message.log.get().at
    assert timedelta(minutes=1) <= wait < timedelta(minutes=2)
    settle(scheduled=True)
    assert (states(), len(receiver.received)) == (["failed"], 3)


def test_what_is_refused_keeps_nothing_else_from_the_same_receiver(receiver):
    subscribed(receiver)
    receiver.answers = [REFUSES, OK]
    complete(order_of())
    settle()
    assert sorted(states()) == ["delivered", "pending"]
    assert types_told(receiver) == [PLACED, COMPLETED]


def test_receiver_that_does_not_answer_is_left_alone_and_harms_no_other(receiver):
    silent = subscribed(receiver)
    receiver.answers = [SILENCE]
    with receiving() as well:
        subscribed(well)
        complete(order_of())
        settle()
        assert types_told(well) == [PLACED, COMPLETED]
    # The second event was not tried at a receiver that is away.
    assert len(receiver.received) == 1
    complete(order_of())
    settle()
    assert len(receiver.received) == 1
    assert again(silent).rests_until > now()


def test_receiver_that_is_back_gets_all_that_waited(receiver):
    subscription = subscribed(receiver)
    receiver.answers = [SILENCE, OK]
    complete(order_of())
    settle(scheduled=True)
    assert states() == ["delivered", "delivered"]
    assert (again(subscription).failing_since, again(subscription).unanswered) == (None, 0)


def test_a_subscription_has_one_turn_to_come_however_much_happens(receiver):
    subscription = subscribed(receiver)
    receiver.answers = [SILENCE]
    for _ in range(3):
        complete(order_of())
        settle()
    assert [event.turn for event in emitted(SendingDue)] == [1, 2]
    assert again(subscription).turn == 2


def test_a_turn_whose_place_another_has_taken_sends_nothing(receiver):
    subscribed(receiver)
    receiver.answers = [FAILING, OK]
    order_of()
    settle()
    [message] = Message.objects.all()
    services.send_again(message, "ada")
    settle()
    assert (states(), len(receiver.received)) == (["delivered"], 2)
    settle(scheduled=True)
    assert len(receiver.received) == 2


def test_who_answers_gone_is_told_of_nothing_more(receiver):
    subscription = subscribed(receiver)
    receiver.answers = [answer(410)]
    complete(order_of())
    settle(scheduled=True)
    assert len(receiver.received) == 1
    assert again(subscription).disabled_because == "gone"
    [event] = emitted(SubscriptionDisabled)
    assert (event.subscription_id, event.reason, event.host) == (
        subscription.pk,
        "gone",
        "127.0.0.1",
    )


def test_who_takes_nothing_for_days_is_disabled_and_its_owner_is_written_to(receiver):
    ada = account("ada@example.com")
    subscription = subscribed(receiver, owner=customer_id(ada))
    long_ago = now() - timedelta(days=3, hours=1)
    Subscription.objects.update(failing_since=long_ago)
    receiver.answers = [FAILING]
    order_of("ada@example.com")
    settle("shop", "notifications")
    assert again(subscription).disabled_because == "failing"
    mail = Mail.objects.get(kind="webhook_disabled")
    assert (mail.recipient, mail.subject) == (
        "ada@example.com",
        "Nothing is sent to 127.0.0.1 any more",
    )
    assert receiver.url not in mail.text


def test_one_success_among_failures_keeps_a_receiver_on(receiver):
    subscription = subscribed(receiver)
    Subscription.objects.update(failing_since=now() - timedelta(days=9))
    receiver.answers = [OK, FAILING]
    complete(order_of())
    settle()
    assert again(subscription).is_enabled
    assert again(subscription).failing_since > now() - timedelta(days=1)


def test_who_disables_it_themselves_gets_no_mail(receiver):
    ada = account("ada@example.com")
    services.disable(subscribed(receiver, owner=customer_id(ada)).pk)
    settle("shop", "notifications")
    assert len(emitted(SubscriptionDisabled)) == 1
    assert not Mail.objects.filter(kind="webhook_disabled").exists()


def test_what_still_waits_is_sent_when_it_is_enabled_again(receiver):
    subscription = subscribed(receiver)
    receiver.answers = [FAILING, OK]
    order_of()
    settle()
    services.disable(subscription.pk)
    settle(scheduled=True)
    assert len(receiver.received) == 1
    services.enable(subscription.pk)
    settle(scheduled=True)
    assert states() == ["delivered"]


def test_a_person_sends_again_what_was_taken_and_what_was_given_up(receiver):
    subscribed(receiver)
    order_of()
    settle()
    [message] = Message.objects.all()
    services.send_again(message, "ada of staff")
    settle()
    assert len(receiver.received) == 2
    assert [attempt.asked_by for attempt in message.log.all()] == ["ada of staff", ""]


def test_nothing_is_sent_again_to_who_is_disabled(receiver):
    subscription = subscribed(receiver)
    order_of()
    settle()
    services.disable(subscription.pk)
    with pytest.raises(CannotSend, match="enable it first"):
        services.send_again(Message.objects.get(), "ada")


def test_new_secret_signs_at_once_and_the_old_one_for_a_while(receiver):
    subscription = subscribed(receiver)
    old, new = secret_of[subscription.pk], services.rotate_secret(subscription.pk)
    complete(order_of())
    settle()
    for got in receiver.received:
        for secret in (old, new):
            Webhook(secret).verify(got.body, got.headers)
    Subscription.objects.update(old_secret_until=now())
    assert again(subscription).secrets() == [new]


def test_secret_is_kept_sealed(receiver):
    subscription = subscribed(receiver)
    assert secret_of[subscription.pk] not in again(subscription).secret
    assert again(subscription).secrets() == [secret_of[subscription.pk]]


def test_secret_of_a_lost_key_has_its_messages_given_up_with_the_reason(receiver, settings):
    subscribed(receiver)
    order_of()
    settings.EVENTBUS_KEYS = ["another key of the bus, from now on"]
    settle()
    assert states() == ["failed"]
    assert "EVENTBUS_KEYS" in Attempt.objects.get().error
    assert receiver.received == []


def test_a_turn_is_short_and_a_long_queue_takes_several(receiver, monkeypatch):
    monkeypatch.setattr("eventbus.bridges.webhooks.turns.MOST", 2)
    subscribed(receiver)
    for _ in range(3):
        complete(order_of())
    settle()
    assert states() == ["delivered"] * 6
    assert len(emitted(SendingDue)) == 3
