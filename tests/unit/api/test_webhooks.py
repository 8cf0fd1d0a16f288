"""A customer's program subscribes to events, sees what came of them, and ends it."""

import pytest

from eventbus.bridges.webhooks.models import Message, Subscription
from eventbus.testing import settle
from shop.accounts import customer_id
from shop.accounts.tokens import make_token
from tests.unit.api.asking import Caller
from tests.unit.webhooks.receiver import FAILING, receiving

URL = "https://receiver.example/hook"
TESTED = "webhooks.SubscriptionTested"
TYPES = ["orders.OrderPlaced", "shipping.OrderShipped"]


@pytest.fixture
def hook(ada):
    """A webhook of Ada's, with its secret."""
    return ada.post("/webhooks", {"url": URL, "event_types": TYPES}).json()


@pytest.fixture
def receiver(settings):
    settings.EVENTBUS_WEBHOOKS_ALLOW_LOCAL = True
    with receiving() as receiver:
        yield receiver


def test_what_can_be_subscribed_to_is_listed_with_what_it_means(ada):
    about = {each["type"]: each["about"] for each in ada.get("/webhook-events").json()["events"]}
    assert set(TYPES) <= set(about)
    assert about[TYPES[0]] == "A shopper placed an order; from here on it must end."


def test_secret_is_shown_once(ada, hook):
    assert hook["secret"].startswith("whsec_")
    shown = [ada.get("/webhooks"), ada.get(f"/webhooks/{hook['id']}")]
    assert not [answer for answer in shown if "whsec_" in answer.content.decode()]
    assert ada.get("/webhooks").json()["webhooks"] == [
        {name: value for name, value in hook.items() if name != "secret"}
    ]


def test_new_webhook_says_where_it_is(ada):
    answer = ada.post("/webhooks", {"url": URL, "event_types": TYPES})
    assert answer.status_code == 201
    assert answer["Location"].endswith(f"/api/webhooks/{answer.json()['id']}")


@pytest.mark.parametrize(
    ("wrong", "field", "why"),
    [
        ({"event_types": ["orders.Nothing"]}, "event_types", "orders.Nothing: not one of orders."),
        ({"event_types": []}, "event_types", "List should have at least 1 item"),
        ({"url": "http://receiver.example/"}, "url", "must begin with https://"),
        ({"url": "https://169.254.169.254/"}, "url", "not one of the public internet"),
        ({"url": "https://a:b@receiver.example/"}, "url", "no user name or password"),
        ({"owner": "user-1"}, "owner", "There is no such field."),
    ],
)
def test_wrong_wish_is_refused_by_field_and_changes_nothing(ada, hook, wrong, field, why):
    wish = {"url": URL, "event_types": TYPES, **wrong}
    for answer in (ada.post("/webhooks", wish), ada.ask("PATCH", f"/webhooks/{hook['id']}", wrong)):
        assert answer.status_code == 422
        assert why in answer.json()["errors"][field][0]
    assert Subscription.objects.count() == 1


def test_refusal_is_in_the_language_that_is_asked_for(ada):
    wish = {"url": "https://10.0.0.1/", "event_types": TYPES}
    german = Caller(make_token(customer_id(ada.user), "another program"), language="de")
    answer = german.post("/webhooks", wish)
    assert "keine Adresse des öffentlichen Internets" in answer.json()["errors"]["url"][0]


def test_webhook_is_changed_in_what_is_named_alone(ada, hook):
    changed = ada.ask("PATCH", f"/webhooks/{hook['id']}", {"event_types": TYPES[:1]})
    assert changed.json()["event_types"] == TYPES[:1]
    assert changed.json()["url"] == URL
    off = ada.ask("PATCH", f"/webhooks/{hook['id']}", {"enabled": False}).json()
    assert (off["enabled"], off["disabled_because"]) == (False, "person")
    assert ada.ask("PATCH", f"/webhooks/{hook['id']}", {"enabled": True}).json()["enabled"]


def test_new_secret_is_another(ada, hook):
    answer = ada.post(f"/webhooks/{hook['id']}/secret").json()
    assert answer["secret"].startswith("whsec_")
    assert answer["secret"] != hook["secret"]


def test_what_is_told_and_tried_is_listed_and_sent_again_when_asked_for(ada, receiver):
    wish = {"url": receiver.url, "event_types": TYPES[:1], "sees_personal": True}
    hook = ada.post("/webhooks", wish).json()
    receiver.answers.insert(0, FAILING)
    order = ada.order(ada.cart(MUG=1)).json()
    settle()
    path = f"/webhooks/{hook['id']}/messages"
    [message] = ada.get(path).json()["messages"]
    assert (message["state"], message["attempts"][0]["status"]) == ("pending", 500)
    assert ada.post(f"{path}/{message['id']}/send").status_code == 202
    settle()
    [message] = ada.get(path).json()["messages"]
    assert (message["state"], message["next_attempt_at"]) == ("delivered", None)
    assert [each["status"] for each in message["attempts"]] == [200, 500]
    assert order["number"] in receiver.received[1].body.decode()
    ada.ask("PATCH", f"/webhooks/{hook['id']}", {"enabled": False})
    assert ada.post(f"{path}/{message['id']}/send").status_code == 409


def test_test_message_is_the_answer_and_then_in_the_log(ada, receiver):
    hook = ada.post("/webhooks", {"url": receiver.url, "event_types": TYPES}).json()
    answer = ada.post(f"/webhooks/{hook['id']}/test")
    assert answer.status_code == 202
    assert (answer.json()["event_type"], answer.json()["attempts"]) == (TESTED, [])
    assert receiver.received == []
    settle()
    [message] = ada.get(f"/webhooks/{hook['id']}/messages").json()["messages"]
    assert message["id"] == answer.json()["id"]
    assert [each["status"] for each in message["attempts"]] == [200]


def test_disabled_webhook_is_sent_no_test_and_it_is_said_why(ada, hook):
    ada.ask("PATCH", f"/webhooks/{hook['id']}", {"enabled": False})
    answer = ada.post(f"/webhooks/{hook['id']}/test")
    assert answer.status_code == 409
    assert answer.json()["detail"] == "This webhook is disabled. Enable it first."
    assert not Message.objects.exists()


def test_nobody_reaches_the_webhook_of_another(ada, hook):
    bob = Caller.of("bob@example.com")
    path = f"/webhooks/{hook['id']}"
    answers = [
        bob.get(path),
        bob.ask("PATCH", path, {"enabled": False}),
        bob.ask("DELETE", path),
        bob.post(f"{path}/secret"),
        bob.post(f"{path}/test"),
        bob.get(f"{path}/messages"),
        bob.post(f"{path}/messages/{hook['id']}/send"),
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert bob.get("/webhooks").json() == {"webhooks": []}
    assert Subscription.objects.get().is_enabled


def test_webhooks_need_a_token(guest):
    asked = [guest.get("/webhooks"), guest.get("/webhook-events"), guest.post("/webhooks", {})]
    assert {answer.status_code for answer in asked} == {401}


def test_ended_webhook_is_gone(ada, hook):
    assert ada.ask("DELETE", f"/webhooks/{hook['id']}").status_code == 204
    assert ada.get(f"/webhooks/{hook['id']}").status_code == 404
