"""What is kept of webhooks, how long, and what goes with a person who is forgotten."""

from datetime import timedelta

import pytest

from eventbus import now, relay_tick
from eventbus.bridges.webhooks.models import Attempt, Message, Subscription
from orders.models import Order
from shop.accounts import customer_id, data_export, erasure
from tests.unit.storefront.people import account
from tests.unit.webhooks.facts import order_of, settle, subscribed
from tests.unit.webhooks.receiver import answer, receiving

pytestmark = pytest.mark.django_db


def test_old_messages_go_with_their_log_and_newer_ones_stay(receiver):
    subscribed(receiver)
    order_of()
    order_of()
    settle()
    old = Message.objects.first()
    Message.objects.filter(pk=old.pk).update(created_at=now() - timedelta(days=31))
    relay_tick.send(sender=None)
    assert Message.objects.count() == Attempt.objects.count() == 1


def test_with_a_customer_go_their_subscriptions_and_what_others_answered_about_them(receiver):
    ada = account("ada@example.com")
    mine = subscribed(receiver, owner=customer_id(ada), sees_personal=True)
    with receiving() as ours:
        ours.answers = [answer(200, b"thank you, Ada")]
        kept = subscribed(ours, sees_personal=True)
        order_of("ada@example.com")
        order_of()
        settle()
        Order.objects.update(ended_at=now())
        erasure.erase(ada)
        settle("shop")
    assert list(Subscription.objects.all()) == [kept]
    assert not Message.objects.filter(subscription_id=mine.pk).exists()
    assert sorted(Attempt.objects.values_list("response", flat=True)) == ["", "thank you, Ada"]


def test_customer_who_wants_to_know_what_is_kept_is_told_of_their_webhooks_but_no_secret(receiver):
    ada = account("ada@example.com")
    subscription = subscribed(receiver, owner=customer_id(ada))
    [row] = data_export.export_of(ada)["webhooks"]
    assert (row["id"], row["url"]) == (subscription.pk, receiver.url)
    assert subscription.secret not in row.values()
