"""Addresses of accounts are kept as all compare them, whoever writes them: shop, admin, command."""

from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.db.models.signals import pre_save

from shop.bus import mailbox


def keep_addresses_alike() -> None:
    """Connect once, when Django is ready."""
    for model in (get_user_model(), EmailAddress):
        pre_save.connect(_write_alike, sender=model)


def _write_alike(instance: Any, **_: Any) -> None:
    instance.email = mailbox(instance.email)
