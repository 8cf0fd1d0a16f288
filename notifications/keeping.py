"""Carts, wishes and mails are kept for a time, and go by themselves."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from eventbus import delete_some, lock_some
from notifications.erasure import blank
from notifications.models import BackInStockAlert, Mail, WatchedCart


def forget_what_is_over(**_: Any) -> None:
    """Delete what is over, as a receiver of `relay_tick`."""
    now = timezone.now()
    delete_some(WatchedCart.objects.filter(changed_at__lt=now - settings.KEEP_CARTS))
    delete_some(BackInStockAlert.objects.filter(wanted_at__lt=now - settings.KEEP_WISHES))
    _forget_mails()


@transaction.atomic
def _forget_mails() -> None:
    old = Mail.objects.filter(created__lt=timezone.now() - settings.KEEP_MAILS)
    found = lock_some(old.exclude(recipient="").only("pk"))
    blank(Mail.objects.filter(pk__in=[mail.pk for mail in found]))
