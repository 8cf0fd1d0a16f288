"""Staff subscribe receivers of the house's own, see what they were sent, and send again."""

import re

import pytest
from auditlog.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.urls import reverse

from eventbus.bridges.webhooks import services
from eventbus.bridges.webhooks.models import Attempt, Message, Subscription
from tests.unit.webhooks.facts import complete, order_of, settle, subscribed
from tests.unit.webhooks.receiver import FAILING, receiving

pytestmark = pytest.mark.django_db

LIST = "/admin/eventbus_webhooks/subscription/"
WISH = {"url": "https://receiver.example/hook", "event_types": ["orders.OrderPlaced"]}


@pytest.fixture
def receiver(settings):
    settings.EVENTBUS_WEBHOOKS_ALLOW_LOCAL = True
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def keeper(client):
    """Somebody who looks after receivers, and may not see who people are."""
    user = User.objects.create_user("keeper", is_staff=True)
    user.user_permissions.set(
        Permission.objects.filter(content_type__app_label="eventbus_webhooks")
    )
    client.force_login(user)
    return client


def test_secret_of_a_new_subscription_is_shown_once_and_kept_nowhere_in_the_open(admin_client):
    page = admin_client.post(f"{LIST}add/", WISH)
    [secret] = re.findall(r"whsec_[\w+/=]+", page.content.decode())
    assert "no-store" in page["Cache-Control"]
    subscription = Subscription.objects.get()
    assert subscription.secrets() == [secret]
    assert subscription.owner == ""
    logged = str(list(LogEntry.objects.values()))
    assert "receiver.example" in logged
    for where in (logged, str(admin_client.cookies), str(dict(admin_client.session))):
        assert secret not in where
        assert subscription.secret not in where
    shown = admin_client.get(f"{LIST}{subscription.pk}/change/").content.decode()
    assert "whsec_" not in shown
    assert subscription.secret not in shown


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"url": "https://127.0.0.1/"}, "not one of the public internet"),
        ({"event_types": ["fraud.OrderFlagged"]}, "not one of the available choices"),
        ({"event_types": []}, "This field is required"),
    ],
)
def test_wrong_subscription_is_refused_with_the_reason(admin_client, wrong, why):
    page = admin_client.post(f"{LIST}add/", WISH | wrong)
    assert why in page.content.decode()
    assert not Subscription.objects.exists()


def test_who_may_not_see_personal_data_has_none_sent_nor_sent_elsewhere(keeper, receiver):
    keeper.post(f"{LIST}add/", {**WISH, "sees_personal": "on"})
    assert not Subscription.objects.get().sees_personal
    seeing = subscribed(receiver, sees_personal=True)
    keeper.post(f"{LIST}{seeing.pk}/change/", WISH)
    seeing.refresh_from_db()
    assert (seeing.url, seeing.event_types) == (receiver.url, WISH["event_types"])


def test_staff_disable_enable_and_make_a_new_secret(admin_client, receiver):
    subscription = subscribed(receiver)
    before = subscription.secrets()

    def act(action):
        return admin_client.post(
            LIST, {"action": action, "_selected_action": [subscription.pk]}, follow=True
        ).content.decode()

    act("disable")
    assert not Subscription.objects.get().is_enabled
    act("enable")
    assert Subscription.objects.get().is_enabled
    page = act("make_new_secret")
    new, old = Subscription.objects.get().secrets()
    assert new in page
    assert [old] == before


def test_staff_send_a_test_to_who_is_enabled_alone(admin_client, receiver):
    enabled, disabled = subscribed(receiver), subscribed(receiver)
    services.disable(disabled.pk)
    wish = {"action": "send_test", "_selected_action": [enabled.pk, disabled.pk]}
    page = admin_client.post(LIST, wish, follow=True).content.decode()
    assert "127.0.0.1 is sent a test: see Messages." in page
    assert "127.0.0.1: the subscription is disabled: enable it first" in page
    settle()
    [attempt] = Attempt.objects.all()
    assert (attempt.message.subscription, attempt.status) == (enabled, 200)
    assert attempt.asked_by == "admin"


def test_who_only_looks_at_receivers_sends_them_nothing(client, receiver):
    looking = User.objects.create_user("looking", is_staff=True)
    looking.user_permissions.set(Permission.objects.filter(codename="view_subscription"))
    client.force_login(looking)
    wish = {"action": "send_test", "_selected_action": [subscribed(receiver).pk]}
    client.post(LIST, wish)
    assert not Message.objects.exists()


def test_staff_see_each_attempt_and_have_a_message_sent_again(admin_client, receiver):
    subscribed(receiver)
    receiver.answers.insert(0, FAILING)
    complete(order_of())
    settle()
    message = Message.objects.filter(log__status=500).get()
    url = reverse("admin:eventbus_webhooks_message_change", args=[message.pk])
    assert "it answered 500" in admin_client.get(url).content.decode()
    admin_client.post(
        reverse("admin:eventbus_webhooks_message_changelist"),
        {"action": "send_again", "_selected_action": [message.pk]},
    )
    settle()
    assert set(Message.objects.values_list("state", flat=True)) == {"delivered"}
    assert Attempt.objects.filter(asked_by="admin").count() == 1
