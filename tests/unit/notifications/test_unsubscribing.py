"""The way out of mails that nobody needs: one click, no login, and it holds."""

from uuid import UUID, uuid4

import pytest
from django.core import mail as outbox
from django.test import Client
from django.urls import reverse

from eventbus.testing import given
from notifications.models import BackInStockAlert, Mail, Unsubscribed
from notifications.unsubscribing import token_of
from tests.unit.notifications import facts

pytestmark = pytest.mark.django_db

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def client() -> Client:
    """A mail program: no cookies, and nothing is forgiven."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def link() -> str:
    """The link in a reminder."""
    remind()
    [message] = outbox.outbox
    return (
        message.extra_headers["List-Unsubscribe"].strip("<>").removeprefix("http://127.0.0.1:8000")
    )


def remind() -> None:
    given(facts.cart(uuid4(), 1), to="notifications")
    facts.time_passes()


def test_mail_programs_are_told_how_to_unsubscribe_with_one_click(link):
    [message] = outbox.outbox
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link == reverse("unsubscribe", args=[token_of(Mail.objects.get().pk)])
    assert link in message.body
    assert link in message.alternatives[0].content


def test_mails_about_orders_have_no_way_out():
    given(facts.placed(), to="notifications")
    assert "List-Unsubscribe" not in outbox.outbox[0].extra_headers
    assert "nsubscribe" not in outbox.outbox[0].body


def test_looking_at_the_page_changes_nothing(client, link):
    """Virus scanners open every link."""
    page = client.get(link)
    assert facts.ADA in page.content.decode()
    assert not Unsubscribed.objects.exists()


def test_one_click_and_no_more_reminders(client, link):
    assert client.post(link, ONE_CLICK).status_code == 200
    remind()
    assert len(outbox.outbox) == 1


def test_whoever_unsubscribed_gets_what_their_orders_need(client, link):
    client.post(link, ONE_CLICK)
    given(facts.placed(), to="notifications")
    assert len(outbox.outbox) == 2


def test_wishes_go_too_and_can_be_made_anew_by_whoever_has_the_address(client, link):
    given(facts.wanted(), to="notifications")
    client.post(link, ONE_CLICK)
    assert not BackInStockAlert.objects.exists()
    theirs = facts.wanted().model_copy(update={"confirmed": True})
    given(theirs, facts.stocked(1), to="notifications")
    facts.time_passes()
    assert Mail.objects.filter(kind="back_in_stock").count() == 1


def test_twice_is_as_once(client, link):
    for _ in range(2):
        assert client.post(link, ONE_CLICK).status_code == 200
    assert Unsubscribed.objects.count() == 1


@pytest.mark.parametrize("token", ["x", f"{UUID(int=1).hex}:forged", "a:b:c"])
def test_forged_or_broken_link_is_refused_in_words(client, token):
    answer = client.post(reverse("unsubscribe", args=[token]), ONE_CLICK)
    assert answer.status_code == 404
    assert "This link does not work" in answer.content.decode()
    assert not Unsubscribed.objects.exists()


def test_link_of_somebody_forgotten_does_nothing(client, link):
    given(facts.erased(), to="notifications")
    assert client.post(link, ONE_CLICK).status_code == 200
    assert not Unsubscribed.objects.exists()


def test_page_is_in_the_reader_s_language(client):
    fact = facts.cart(uuid4(), 1).model_copy(update={"language": "de"})
    given(fact, to="notifications")
    facts.time_passes()
    assert "/de/mails/unsubscribe/" in Mail.objects.get().text
