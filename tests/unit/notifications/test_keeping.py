"""Carts, wishes and mails are kept for a time, and go by themselves."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from eventbus.signals import relay_tick
from eventbus.testing import given
from notifications.models import BackInStockAlert, Mail, WatchedCart
from tests.unit.notifications import facts

pytestmark = pytest.mark.django_db


def tidied() -> None:
    assert not [error for _, error in relay_tick.send_robust(sender=None) if error]


def test_old_carts_and_wishes_go_and_new_ones_stay(settings):
    now = timezone.now()
    for at in (now - settings.KEEP_CARTS * 1.1, now):
        WatchedCart.objects.create(cart_id=uuid4(), changed_at=at)
    for sku, at in (("OLD", now - settings.KEEP_WISHES * 1.1), ("NEW", now)):
        BackInStockAlert.objects.create(
            sku=sku, email="ada@example.com", title="T", url="u", wanted_at=at
        )
    tidied()
    assert WatchedCart.objects.get().changed_at == now
    assert BackInStockAlert.objects.get().sku == "NEW"


def test_of_an_old_mail_stays_that_it_was_sent_and_its_file_goes(settings, tmp_path):
    settings.EMAIL_BACKEND = "notifications.filebackend.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    given(facts.placed(), to="notifications")
    tidied()
    assert Mail.objects.get().text
    Mail.objects.update(created=timezone.now() - settings.KEEP_MAILS - timedelta(days=1))
    tidied()
    mail = Mail.objects.get()
    assert (mail.recipient, mail.subject, mail.text, mail.html) == ("", "", "", "")
    assert (mail.state, mail.kind, list(tmp_path.iterdir())) == ("sent", "order_placed", [])
