"""Webhooks on a customer's account page: by the same services, and rules, as by the API."""

import re
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from eventbus.bridges.webhooks import services
from eventbus.bridges.webhooks.errors import RefusedSubscription
from eventbus.bridges.webhooks.events import SubscriptionTested
from eventbus.bridges.webhooks.models import Attempt, Message, Subscription
from shop.ratelimit.rates import Rate
from shop.webhooks.texts import MEANINGS, REFUSALS, why
from tests.unit.storefront.conftest import placed
from tests.unit.storefront.people import SECRET, account
from tests.unit.storefront.webhooks import PLACED, REFUSED, SHIPPED, WISH, subscribed, told
from tests.unit.webhooks.facts import settle
from tests.unit.webhooks.receiver import FAILING, receiving

pytestmark = pytest.mark.django_db
ALL, ADD = "/account/webhooks/", "/account/webhooks/add/"


@pytest.fixture
def hook(me) -> Subscription:
    return subscribed(me)


@pytest.fixture
def here(hook) -> str:
    return f"/account/webhooks/{hook.pk}/"


def shown(client, address: str) -> str:
    return client.get(address).content.decode()


def secret_on(page: str) -> list[str]:
    return re.findall(r"whsec_[\w+/=]+", page)


def test_page_of_who_has_none_says_what_they_are_and_leads_on(client, ada):
    page = shown(client, ALL)
    assert "None yet: with a webhook we tell your own web server" in page
    assert f'href="{reverse("api:page")}"' in page
    assert f'href="{ADD}"' in page


def test_new_webhook_is_as_it_was_asked_for(client, me):
    more = {"description": "Till", "sees_personal": "on"}
    made = client.post(ADD, {**WISH, **more})
    hook = services.subscriptions_of(me).get()
    assert made.url == f"/account/webhooks/{hook.pk}/"
    assert (hook.url, hook.event_types) == (WISH["url"], WISH["event_types"])
    assert (hook.description, hook.sees_personal) == ("Till", True)


def test_secret_is_shown_once_with_how_to_verify_by_it_and_kept_nowhere_in_the_open(client, ada):
    there = client.post(ADD, WISH).url
    secrets = Subscription.objects.get().secrets()
    assert secrets[0] not in str(dict(client.session))
    page = shown(client, there)
    assert secret_on(page) == secrets
    assert "Standard Webhooks" in page
    assert secret_on(shown(client, there) + shown(client, ALL)) == []


def test_secret_of_one_webhook_is_not_shown_on_the_page_of_another(client, hook, here):
    there = client.post(ADD, WISH).url
    assert secret_on(shown(client, here)) == []
    assert secret_on(shown(client, there))


@pytest.mark.parametrize("what", [ADD, "change", "secret"])
def test_where_events_go_and_what_signs_them_needs_the_password(client, what):
    user = account()
    hook = subscribed(f"user-{user.pk}", url="https://before.example/")
    client.force_login(user)
    before = list(Subscription.objects.values("url", "secret"))
    asked = client.post(what if what == ADD else f"/account/webhooks/{hook.pk}/{what}/", WISH)
    assert asked.url.startswith("/account/password-check/")
    assert list(Subscription.objects.values("url", "secret")) == before
    client.post(asked.url, {"password": SECRET})
    assert list(Subscription.objects.values("url", "secret")) != before


def test_form_that_is_wrong_is_sent_to_its_own_address_after_the_password(client):
    client.force_login(account())
    asked = client.post(ADD, {**WISH, "url": ""})
    page = client.post(asked.url, {"password": SECRET})
    assert page.status_code == 422
    assert f'action="{ADD}"' in page.content.decode()


@pytest.mark.parametrize(
    ("wrong", "field", "why"),
    [
        ({"url": ""}, "url", "required"),
        ({"url": "http://receiver.example/"}, "url", "must begin with https://"),
        ({"url": "https://169.254.169.254/"}, "url", "not one of the public internet"),
        ({"url": "https://a:b@receiver.example/"}, "url", "no user name or password"),
        ({"event_types": []}, "event_types", "name one at least"),
        ({"event_types": ["fraud.OrderFlagged"]}, "event_types", "not one of the available"),
        ({"description": "x" * 201}, "description", "at most 200"),
    ],
)
def test_wrong_wish_is_refused_beside_its_field_and_changes_nothing(
    client, hook, here, wrong, field, why
):
    for address in (ADD, f"{here}change/"):
        page = client.post(address, {**WISH, **wrong})
        assert page.status_code == 422
        assert list(page.context["form"].errors) == [field]
        error = re.search(rf'<p class="error" id="id_{field}_error">(.*?)</p>', str(page.content))
        assert error
        assert why in error[1]
    assert list(Subscription.objects.values_list("url", "event_types")) == [
        (hook.url, hook.event_types)
    ]


def test_refusal_is_in_the_language_of_the_page(client, ada):
    page = client.post(f"/de{ADD}", {**WISH, "url": "http://receiver.example/"})
    assert "muss mit https:// und einem Rechnernamen beginnen" in page.content.decode()


def test_there_is_an_end_to_webhooks_as_by_the_api(client, me):
    for _ in range(services.MOST_SUBSCRIPTIONS):
        subscribed(me)
    page = client.post(ADD, WISH)
    assert page.status_code == 422
    assert "you have 10 subscriptions already" in page.content.decode()


def test_webhook_is_changed_and_its_form_shows_how_it_is(client, me, hook, here):
    form = client.get(f"{here}change/").context["form"]
    assert {name: form[name].value() for name in WISH} == WISH
    changed = {"url": "https://other.example/", "event_types": [SHIPPED], "description": "Till"}
    assert client.post(f"{here}change/", changed).url == here
    hook.refresh_from_db()
    assert (hook.url, hook.event_types, hook.description) == tuple(changed.values())


def test_webhook_is_disabled_and_enabled_again(client, hook, here):
    client.post(f"{here}disable/")
    hook.refresh_from_db()
    assert not hook.is_enabled
    assert "Somebody has disabled it." in shown(client, ALL)
    assert f'action="{here}enable/"' in shown(client, ALL)
    client.post(f"{here}enable/")
    hook.refresh_from_db()
    assert hook.is_enabled


@pytest.mark.parametrize(
    ("because", "why"),
    [
        ("gone", "wants no more (410)"),
        ("failing", "has taken nothing for days"),
    ],
)
def test_it_is_said_why_a_webhook_is_disabled(client, hook, here, because, why):
    Subscription.objects.update(disabled_at=timezone.now(), disabled_because=because)
    assert why in shown(client, ALL)
    assert why in shown(client, here)


def test_new_secret_is_shown_once_and_the_old_one_signs_for_a_while(client, hook, here):
    [old] = hook.secrets()
    client.post(f"{here}secret/")
    page = shown(client, here)
    hook.refresh_from_db()
    assert hook.secrets()[1:] == [old]
    assert secret_on(page) == hook.secrets()[:1]
    assert "The secret before it signs as well until" in page
    assert secret_on(shown(client, here)) == []


def test_webhook_is_deleted_by_who_has_been_asked(client, me, hook, here):
    asked = shown(client, f"{here}delete/")
    assert "cannot be undone" in asked
    assert Subscription.objects.exists()
    assert client.post(f"{here}delete/").url == ALL
    assert not Subscription.objects.exists()


def test_log_has_each_attempt_and_an_event_is_sent_again(client, me, settings):
    settings.EVENTBUS_WEBHOOKS_ALLOW_LOCAL = True
    with receiving() as receiver:
        receiver.answers.insert(0, FAILING)
        hook = subscribed(me, url=receiver.url, event_types=[PLACED])
        placed(me)
        settle()
        here = f"/account/webhooks/{hook.pk}/"
        page = shown(client, here)
        assert "your server answered 500" in page
        assert "sorry" in page
        message = Message.objects.get()
        again = client.post(f"{here}messages/{message.pk}/send/?page=1")
        assert again.url == f"{here}?page=1"
        settle()
    assert "Delivered" in shown(client, here)
    assert "your server answered 200" in shown(client, ALL)
    assert Attempt.objects.filter(asked_by=me, status=200).count() == 1


def test_what_a_server_answered_is_shown_as_text(client, me):
    message = told(me, 1, status=500, response="<script>alert(1)</script>")
    page = shown(client, f"/account/webhooks/{message.subscription_id}/")
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page


def test_log_is_on_pages_the_newest_first(client, me, hook, here):
    events = [told(me, number, hook).event_id for number in range(21)]
    assert str(events[0]) not in shown(client, here)
    assert str(events[-1]) in shown(client, here)
    assert str(events[0]) in shown(client, f"{here}?page=2")


def test_nothing_is_sent_again_while_the_webhook_is_disabled(client, me, hook, here):
    message = told(me, 1, hook, state="failed")
    services.disable(hook.pk)
    assert "/send/" not in shown(client, here)
    page = client.post(f"{here}messages/{message.pk}/send/", follow=True).content.decode()
    assert "This webhook is disabled. Enable it first." in page
    message.refresh_from_db()
    assert message.state == "failed"


def test_test_message_is_sent_after_the_answer_and_what_came_of_it_is_in_the_log(
    client, me, settings
):
    settings.EVENTBUS_WEBHOOKS_ALLOW_LOCAL = True
    with receiving() as receiver:
        here = f"/account/webhooks/{subscribed(me, url=receiver.url).pk}/"
        assert "A test message shows at once whether it works." in shown(client, here)
        page = client.post(f"{here}test/", follow=True).content.decode()
        assert "A test message is sent." in page
        assert receiver.received == []
        settle()
    page = shown(client, here)
    assert "<h3>A test message</h3>" in page
    assert "your server answered 200" in page
    assert Attempt.objects.get().asked_by == me


def test_disabled_webhook_is_sent_no_test_and_it_is_said_why(client, hook, here):
    services.disable(hook.pk)
    assert "test message" not in shown(client, here)
    page = client.post(f"{here}test/", follow=True).content.decode()
    assert "This webhook is disabled. Enable it first." in page
    assert not Message.objects.exists()


ACTIONS = ["enable/", "disable/", "test/", "secret/", "change/", "delete/"]


@pytest.mark.parametrize("what", ["", *ACTIONS])
def test_what_is_somebody_elses_is_not_there(client, ada, what):
    others = told("user-0", 1)
    here = f"/account/webhooks/{others.subscription_id}/"
    before = list(Subscription.objects.values()), list(Message.objects.values())
    ask = client.get if not what else client.post
    assert ask(f"{here}{what}", WISH).status_code == 404
    assert client.post(f"{here}messages/{others.pk}/send/").status_code == 404
    assert (list(Subscription.objects.values()), list(Message.objects.values())) == before


def test_message_of_another_webhook_is_not_there(client, me, here):
    others = told("user-0", 1)
    assert client.post(f"{here}messages/{others.pk}/send/").status_code == 404
    assert client.post(f"{here}messages/{uuid4()}/send/").status_code == 404


def test_others_webhooks_are_not_in_the_list(client, me):
    told("user-0", 1)
    assert "None yet" in shown(client, ALL)


@pytest.mark.parametrize("what", ["", *ACTIONS, "messages/{}/send/"])
def test_without_a_login_nothing_is_shown_or_done(db, what):
    message = told("user-1", 1)
    before = list(Subscription.objects.values())
    here = f"/account/webhooks/{message.subscription_id}/{what.format(message.pk)}"
    guest = Client()
    asked = guest.get(here) if not what else guest.post(here, WISH)
    assert asked.url == f"/login/?next={here}"
    assert list(Subscription.objects.values()) == before


@pytest.mark.parametrize("what", ["enable/", "disable/", "test/", "secret/", "messages/{}/send/"])
def test_looking_changes_nothing(client, me, what):
    message = told(me, 1)
    address = f"/account/webhooks/{message.subscription_id}/{what.format(message.pk)}"
    assert client.get(address).status_code == 405


def test_nobody_asks_for_changes_without_end(client, here, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"webhook": Rate(1, 60)}
    assert client.post(f"{here}disable/").status_code == 302
    for what in (ADD, *(f"{here}{action}" for action in ACTIONS)):
        assert client.post(what, WISH).status_code == 429
    assert client.get(here).status_code == 200


def test_every_event_that_may_be_told_has_words_for_customers():
    assert set(MEANINGS) == {SubscriptionTested.type, *(each.type for each in services.offers())}


@pytest.mark.parametrize("url", REFUSED)
def test_every_refusal_of_an_address_is_translated(url):
    with pytest.raises(RefusedSubscription) as refused:
        services.subscribe("", url, [PLACED])
    assert refused.value.message in REFUSALS
    assert why(refused.value) == refused.value.why
    with translation.override("de"):
        assert why(refused.value) != refused.value.why


def test_account_leads_to_webhooks(client, ada):
    assert f'href="{ALL}"' in shown(client, "/account/")
