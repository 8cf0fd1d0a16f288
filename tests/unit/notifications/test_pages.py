"""The pages that show the mails."""

import pytest
from django.contrib.auth.models import Permission, User
from django.urls import reverse

from eventbus.testing import given
from notifications import views
from notifications.models import Mail
from tests.unit.notifications import facts

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def public(settings):
    settings.MAILS_PAGE_PUBLIC = True


def page(client, **query) -> str:
    return client.get(reverse("mail_list"), query).content.decode()


def test_newest_mail_comes_first(client):
    given(facts.placed(), facts.billed(), to="notifications")
    listed = page(client)
    assert listed.index("Order S-1001 is confirmed") < listed.index("We have your order S-1001")


@pytest.mark.parametrize("sought", ["ada@", "have your order", "s-1001"])
def test_search_by_recipient_subject_and_order_number(client, sought):
    given(facts.placed(), facts.stock_low(), to="notifications")
    listed = page(client, q=sought)
    assert "We have your order" in listed
    assert "Low stock" not in listed


def test_search_that_finds_nothing_says_so(client):
    given(facts.placed(), to="notifications")
    assert "No mail for “nobody”" in page(client, q="nobody")


def test_pages_keep_the_search(client, monkeypatch):
    monkeypatch.setattr(views, "PER_PAGE", 1)
    given(facts.placed(), facts.billed(), to="notifications")
    assert "?q=S-1001&amp;page=2" in page(client, q="S-1001")
    assert "We have your order" in page(client, q="S-1001", page=2)


def test_mail_is_shown_in_a_frame_without_scripts(client):
    given(facts.placed(), to="notifications")
    mail = Mail.objects.get()
    shown = client.get(mail.get_absolute_url()).content.decode()
    frame = shown[shown.index("<iframe") : shown.index("</iframe>")]
    assert "sandbox=" in frame
    assert "allow-scripts" not in frame
    assert "allow-same-origin" not in frame
    assert f'src="{mail.get_absolute_url()}html/"' in frame
    assert "2 x Mug &lt;blue&gt;" in shown
    assert mail.message_id.strip("<>") in shown


def reader() -> User:
    user = User.objects.create_user("rita", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_mail"))
    return user


def test_only_staff_who_may_see_mails_of_a_real_shop(client, settings):
    settings.MAILS_PAGE_PUBLIC = False
    given(facts.placed(), to="notifications")
    for address in (reverse("mail_list"), Mail.objects.get().get_absolute_url()):
        assert "/login/" in client.get(address)["Location"]
    client.force_login(User.objects.create_user("sam", is_staff=True))
    assert client.get(reverse("mail_list")).status_code == 403
    client.force_login(reader())
    assert "We have your order" in page(client)


def test_html_of_a_mail_loads_nothing_and_runs_nothing(client):
    given(facts.placed(), to="notifications")
    answer = client.get(f"{Mail.objects.get().get_absolute_url()}html/")
    assert answer.content.decode().startswith("<!DOCTYPE html>")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "allow-scripts" not in policy
    assert answer["X-Frame-Options"] == "SAMEORIGIN"


def test_staff_cannot_read_links_into_other_people_s_accounts(client, settings):
    settings.MAILS_PAGE_PUBLIC = False
    given(facts.account_mail("reset_password"), to="notifications")
    address = Mail.objects.get().get_absolute_url()
    client.force_login(reader())
    assert "only its reader may see it" in client.get(address).content.decode()
    assert "/key/" not in client.get(address).content.decode()
    assert client.get(f"{address}html/").status_code == 403


def test_mail_of_somebody_forgotten_says_so(client):
    given(facts.placed(), facts.erased(facts.ORDER["order_id"]), to="notifications")
    assert (
        "has been forgotten" in client.get(Mail.objects.get().get_absolute_url()).content.decode()
    )
    assert str(Mail.objects.get().pk) in page(client)
