"""Whom the shop has forgotten is not written to, nor is anything of theirs kept."""

from datetime import timedelta
from threading import Event as Signal
from threading import Thread
from uuid import uuid4

import pytest
from django.conf import settings
from django.core import mail as outbox
from django.db import connection, transaction
from django.utils import timezone

from eventbus.testing import given
from notifications import erasure
from notifications.gateway import deliver
from notifications.letter import Letter
from notifications.models import (
    BackInStockAlert,
    ErasedCustomer,
    Mail,
    Recipient,
    Unsubscribed,
    WatchedCart,
)
from tests.unit.notifications import facts

pytestmark = pytest.mark.django_db

ORDER = facts.ORDER["order_id"]


def test_mails_are_blanked_and_stay_as_figures():
    given(facts.placed(), facts.billed(), facts.registered(), to="notifications")
    given(facts.erased(ORDER), to="notifications")
    blank = Mail.objects.filter(recipient="", subject="", text="", html="")
    assert sorted(blank.values_list("kind", flat=True)) == [
        "order_confirmed",
        "order_placed",
        "welcome",
    ]
    assert set(Mail.objects.values_list("state", flat=True)) == {"sent"}


def test_mails_to_an_earlier_address_of_theirs_go_too():
    given(facts.placed(email="old@example.com"), to="notifications")
    given(facts.erased(ORDER), to="notifications")
    assert not Mail.objects.exclude(recipient="").exists()
    assert not Recipient.objects.exists()


def test_what_is_kept_under_their_address_goes():
    given(facts.wanted(), facts.cart(uuid4(), 1), to="notifications")
    Unsubscribed.objects.create(email=facts.ADA)
    given(facts.erased(), to="notifications")
    assert [m.objects.count() for m in (Recipient, Unsubscribed, BackInStockAlert)] == [0, 0, 0]
    assert WatchedCart.objects.get().email == ""


def test_cart_of_theirs_is_not_recalled():
    cart = uuid4()
    given(facts.cart(cart, 1), facts.erased(carts=(cart,)), to="notifications")
    facts.time_passes()
    assert outbox.outbox == []


@pytest.mark.parametrize("fact", [facts.disputed, facts.dispute_closed, facts.refund_failed])
def test_staff_hear_of_money_whoever_was_forgotten_and_nothing_of_whose(fact):
    given(facts.erased(ORDER), fact(), to="notifications")
    mail = Mail.objects.get()
    assert (mail.recipient, mail.state) == (settings.STAFF_EMAIL, "sent")
    for personal in (facts.ADA, "Ada"):
        assert personal not in mail.text + mail.html


@pytest.mark.parametrize("fact", [facts.placed, facts.billed, facts.refused, facts.refunded])
def test_what_comes_late_about_their_orders_is_not_mailed(fact):
    given(facts.erased(ORDER), fact(), to="notifications")
    assert outbox.outbox == []
    assert not Mail.objects.exists()
    assert not Recipient.objects.exists()


def test_what_was_emitted_before_to_their_address_and_comes_late_is_not_mailed():
    late = facts.account_mail("reset_password")
    with transaction.atomic():
        erasure.forget(facts.erased().stamp(uuid4(), timezone.now() + timedelta(minutes=1)))
    given(late, facts.wanted(), facts.stocked(1), to="notifications")
    facts.time_passes()
    assert outbox.outbox == []
    assert not BackInStockAlert.objects.exists()


def test_new_person_with_the_old_address_is_written_to():
    given(facts.erased(ORDER), facts.account_mail("confirm_address"), to="notifications")
    assert [message.to for message in outbox.outbox] == [[facts.ADA]]


def test_address_itself_is_not_kept_to_remember_it_by():
    given(facts.erased(ORDER), to="notifications")
    assert not any(facts.ADA in key for key in ErasedCustomer.objects.values_list("key", flat=True))


def test_nobody_else_is_forgotten_where_no_address_was_proven():
    given(facts.placed(), facts.erased(email=""), to="notifications")
    assert Mail.objects.get(kind="order_placed").recipient == facts.ADA


def test_files_of_their_mails_go(settings, tmp_path):
    settings.EMAIL_BACKEND = "notifications.filebackend.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    given(facts.placed(), to="notifications")
    assert len(list(tmp_path.glob("*.eml"))) == 1
    given(facts.erased(ORDER), to="notifications")
    assert list(tmp_path.glob("*.eml")) == []


def test_forgotten_while_the_mail_is_under_way(monkeypatch):
    """Between giving the mail to the server and writing down that it took it."""

    def deliver(mail):
        with transaction.atomic():
            erasure.forget(facts.erased(ORDER).stamp(uuid4(), mail.created))
        return "550 no such user ada@example.com"

    monkeypatch.setattr("notifications.sending.deliver", deliver)
    given(facts.placed(), to="notifications")
    mail = Mail.objects.get()
    assert (mail.recipient, mail.error, mail.state) == ("", "", "failed")


def test_a_file_that_is_written_when_they_have_been_forgotten_goes(settings, tmp_path, monkeypatch):
    settings.EMAIL_BACKEND = "notifications.filebackend.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path

    def deliver_late(mail):
        with transaction.atomic():
            erasure.forget(facts.erased(ORDER).stamp(uuid4(), mail.created))
        said = deliver(mail)
        assert list(tmp_path.glob("*.eml"))
        return said

    monkeypatch.setattr("notifications.sending.deliver", deliver_late)
    given(facts.placed(), to="notifications")
    assert list(tmp_path.glob("*.eml")) == []


@pytest.mark.django_db(transaction=True)
def test_mail_written_at_the_same_moment_is_blanked_too():
    """Whoever asked first finishes first; then everything is forgotten."""
    written, erase = Signal(), Signal()

    def write() -> None:
        fact = facts.placed().stamp(uuid4(), timezone.now())
        with transaction.atomic():
            assert not ErasedCustomer.covers(fact)
            written.set()
            erase.wait(10)
            Mail.objects.written([Letter("order_placed", fact, to=facts.ADA, subject="S")])
        connection.close()

    thread = Thread(target=write)
    thread.start()
    written.wait(10)
    erase.set()
    with transaction.atomic():
        erasure.forget(facts.erased(ORDER).stamp(uuid4(), timezone.now()))
    thread.join()
    assert Mail.objects.get().recipient == ""
