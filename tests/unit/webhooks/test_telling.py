"""Who is told of what: customers of their own orders, the house of all; and how much of it."""

import pytest

from eventbus.bridges.webhooks import services
from eventbus.bridges.webhooks.errors import RefusedSubscription
from eventbus.bridges.webhooks.hooks import HouseOnly, hooks
from eventbus.bridges.webhooks.models import Message
from eventbus.testing import emitted, redeliver
from orders.events import OrderPlaced
from shop.accounts import customer_id
from tests.builders import CARD
from tests.unit.storefront.people import account
from tests.unit.webhooks.facts import (
    CANCELLED,
    COMPLETED,
    PLACED,
    cancel,
    complete,
    order_of,
    settle,
    subscribed,
    told,
    types_told,
)
from tests.unit.webhooks.receiver import receiving

pytestmark = pytest.mark.django_db


def test_subscriber_is_told_of_the_types_it_named_and_no_others(receiver):
    subscribed(receiver, types=[COMPLETED])
    order = order_of()
    settle()
    assert types_told(receiver) == []
    complete(order)
    settle()
    assert types_told(receiver) == [COMPLETED]


def test_what_is_told_is_the_event_under_its_own_id(receiver):
    subscribed(receiver)
    order = order_of("ada@example.com")
    settle()
    [event] = told(receiver)
    assert event.keys() == {"type", "timestamp", "version", "subject", "data"}
    assert (event["type"], event["subject"]) == (PLACED, str(order.pk))
    assert event["data"]["total"] == str(order.total.amount)
    [message] = Message.objects.all()
    assert receiver.received[0].headers["webhook-id"] == str(message.event_id)


def test_customer_is_told_of_their_own_orders_alone(receiver):
    ada, bob = account("ada@example.com"), account("bob@example.com")
    subscribed(receiver, owner=customer_id(ada))
    with receiving() as bobs:
        subscribed(bobs, owner=customer_id(bob))
        order = order_of("ada@example.com")
        order_of()
        settle()
        assert [event["subject"] for event in told(receiver)] == [str(order.pk)]
        assert told(bobs) == []


def test_whose_account_is_closed_is_told_of_nothing(receiver):
    ada = account("ada@example.com")
    subscribed(receiver, owner=customer_id(ada))
    order = order_of("ada@example.com")
    ada.is_active = False
    ada.save()
    complete(order)
    settle()
    assert told(receiver) == []


def test_where_the_project_says_nothing_only_the_house_is_told(receiver, monkeypatch):
    monkeypatch.setattr(hooks, "audience", HouseOnly())
    ada = account("ada@example.com")
    subscribed(receiver, owner=customer_id(ada))
    with receiving() as ours:
        subscribed(ours)
        order_of("ada@example.com")
        settle()
        assert (len(told(receiver)), len(told(ours))) == (0, 1)


def test_what_is_personal_is_blank_unless_the_subscription_may_see_it(receiver):
    subscribed(receiver)
    with receiving() as seeing:
        subscribed(seeing, sees_personal=True)
        order_of("ada@example.com")
        settle()
        [blank], [full] = told(receiver), told(seeing)
    assert (blank["data"]["email"], full["data"]["email"]) == ("", "ada@example.com")
    assert blank["data"]["ship_to"]["name"] == ""
    assert full["data"]["ship_to"]["city"] == "London"
    assert blank["data"]["lines"] == full["data"]["lines"]


def test_nobody_is_told_of_a_card_or_a_suspicion(receiver):
    subscribed(receiver, types=[PLACED, CANCELLED], sees_personal=True)
    order = order_of("ada@example.com")
    cancel(order, "fraud")
    settle()
    placed, cancelled = told(receiver)
    assert placed["data"]["card"] is None
    assert CARD.token not in receiver.received[0].body.decode()
    assert (cancelled["data"]["reason"], cancelled["data"]["detail"]) == ("staff", "")


def test_event_that_comes_twice_is_told_once(receiver):
    subscribed(receiver)
    order_of()
    settle()
    redeliver(*emitted(OrderPlaced), to="webhooks")
    settle()
    assert types_told(receiver) == [PLACED]
    assert Message.objects.count() == 1


def test_disabled_subscription_is_told_of_nothing_and_an_enabled_one_again(receiver):
    subscription = subscribed(receiver)
    services.disable(subscription.pk)
    order = order_of()
    settle()
    services.enable(subscription.pk)
    complete(order)
    settle()
    assert types_told(receiver) == [COMPLETED]


def test_unknown_and_hidden_types_are_refused_with_those_that_there_are():
    for types in (["orders.Nothing"], ["fraud.OrderFlagged"], ["orders.ShippingDeadlineReached"]):
        with pytest.raises(RefusedSubscription, match=f"{types[0]}: not one of orders.OrderPlaced"):
            services.subscribe("", "https://receiver.example/", types)
    with pytest.raises(RefusedSubscription, match="event_types: name one at least"):
        services.subscribe("", "https://receiver.example/", [])


def test_every_type_that_is_offered_says_what_it_is():
    offers = services.offers()
    assert {PLACED, COMPLETED} <= {offer.type for offer in offers}
    assert all(offer.about.endswith((".", ":")) for offer in offers)


def test_an_owner_has_so_many_subscriptions_at_most(receiver):
    for _ in range(services.MOST_SUBSCRIPTIONS):
        subscribed(receiver, owner="user-1")
    with pytest.raises(RefusedSubscription, match="you have 10 subscriptions already"):
        subscribed(receiver, owner="user-1")
    subscribed(receiver, owner="user-2")
