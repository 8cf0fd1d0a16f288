"""What holds for accounts whoever changes them: pages, the admin, a command."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import password_reset
from django.contrib.auth import get_user_model
from django.db.models.signals import pre_save

from shop.bus import mailbox
from shop.guard import lockout


def keep_accounts() -> None:
    """Connect once, when Django is ready."""
    for model in (get_user_model(), EmailAddress):
        pre_save.connect(_write_alike, sender=model)
    password_reset.connect(_let_in_again)


def _write_alike(instance: Any, **_: Any) -> None:
    """Addresses are kept as all compare them."""
    instance.email = mailbox(instance.email)


def _let_in_again(user: Any, **_: Any) -> None:
    """Whoever has chosen a new password by mail may log in, from wherever, whoever tried before."""
    lockout.forget_tries(lockout.names_of(user))
