"""A link into an account is in the mail to its owner and nowhere else."""

import json
import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse

from eventbus.delivery.models import OutboxEvent
from eventbus.testing import emitted, given, settle
from notifications.gateway import deliver
from notifications.models import Mail
from shop.events import AccountMailRequested
from shop.storefront.models import Session
from shop.storefront.session_backend import SessionStore
from tests.unit.storefront.people import ADA, SECRET, account

pytestmark = pytest.mark.django_db

LINK = re.compile(r"http://127\.0\.0\.1:8000(/\S*(?:reset|confirm)/\S+)")
NEW = "another long secret"


def asked_for(client: Client) -> None:
    """A new account, and a new password for one that is there."""
    account("bob@example.com")
    client.post("/signup/", {**ADA, "name": "Ada"})
    client.post("/password-reset/", {"email": "bob@example.com"})
    settle()


def links() -> dict[str, str]:
    """The paths in the mails that went out, by whom they went to."""
    found = {sent.to[0]: LINK.search(sent.body) for sent in mail.outbox}
    return {to: match[1] for to, match in found.items() if match}


def key_of(path: str) -> str:
    last = path.rstrip("/").rpartition("/")[2]
    return last.partition("-")[2] if "reset" in path else last


def kept() -> str:
    """Every row of every table, and what the sessions say."""
    with connection.cursor() as cursor:
        rows = []
        for table in connection.introspection.table_names():
            cursor.execute(f'select t::text from "{table}" t')
            rows += [row for (row,) in cursor.fetchall()]
    return "\n".join(
        [*rows, *(json.dumps(SessionStore(s.pk).load()) for s in Session.objects.all())]
    )


def test_it_stands_in_no_table_and_no_message_before_or_after_it_is_used(client):
    asked_for(client)
    paths = links()
    assert paths.keys() == {"ada@example.com", "bob@example.com"}
    keys = [key_of(path) for path in paths.values()]
    on_the_wire = json.dumps([row.data for row in OutboxEvent.objects.all()])
    for key in keys:
        assert key not in kept() + on_the_wire
    page = client.get(paths["bob@example.com"])
    assert client.post(page.url, {"password1": NEW}).status_code == 302
    client.post(paths["ada@example.com"])
    for key in keys:
        assert key not in kept()


def test_it_works_as_it_stands_in_the_mail(client):
    asked_for(client)
    page = client.get(links()["bob@example.com"])
    client.post(page.url, {"password1": NEW})
    login = {"login": "bob@example.com"}
    assert Client().post("/login/", {**login, "password": NEW}).status_code == 302
    assert Client().post("/login/", {**login, "password": SECRET}).status_code == 422


@pytest.fixture
def waiting(client, monkeypatch) -> Mail:
    """A mail that the mail server has not taken yet."""

    def out_of_order(mail: Mail) -> str:
        raise OSError("no mail server")

    account("bob@example.com")
    client.post("/password-reset/", {"email": "bob@example.com"})
    with monkeypatch.context() as patched:
        patched.setattr("notifications.sending.deliver", out_of_order)
        with pytest.raises(AssertionError, match="no mail server"):
            given(*emitted(AccountMailRequested), to="notifications")
    return Mail.objects.get(state="sending")


def test_a_mail_that_waits_holds_it_sealed_and_one_that_was_sent_not_at_all(waiting):
    assert waiting.sealed.startswith("sealed:")
    Mail.objects.conclude([(waiting, deliver(waiting))])
    assert Mail.objects.get().sealed == ""
    assert links().keys() == {"bob@example.com"}


def test_a_link_that_works_no_longer_is_not_sent(waiting, monkeypatch):
    monkeypatch.setattr("notifications.models.mail.LINK_WORKS", timedelta(seconds=-1))
    Mail.objects.conclude([(waiting, deliver(waiting))])
    assert (Mail.objects.get().state, Mail.objects.get().sealed) == ("failed", "")
    assert mail.outbox == []


def test_staff_see_it_neither_on_a_page_nor_in_a_list(client, admin_client):
    asked_for(client)
    for row in Mail.objects.all():
        page = admin_client.get(reverse("admin:notifications_mail_change", args=[row.pk]))
        assert not any(key_of(path) in page.content.decode() for path in links().values())
        assert "sealed" not in page.content.decode().lower()
