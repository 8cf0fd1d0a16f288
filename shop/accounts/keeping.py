"""What holds for accounts whoever changes them: pages, the admin, a command."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import password_reset
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import get_hasher, identify_hasher
from django.db.models.signals import pre_save

from eventbus import mailbox
from shop.accounts import tokens
from shop.accounts.naming import customer_id
from shop.ratelimit import lockout
from shop.storefront import session_backend


def keep_accounts() -> None:
    """Connect once, when Django is ready."""
    for model in (get_user_model(), EmailAddress):
        pre_save.connect(_write_alike, sender=model)
    pre_save.connect(_end_tokens, sender=get_user_model())
    pre_save.connect(_end_sessions, sender=get_user_model())
    password_reset.connect(_let_in_again)


def _write_alike(instance: Any, **_: Any) -> None:
    """Addresses are kept as all compare them."""
    instance.email = mailbox(instance.email)


def _let_in_again(user: Any, **_: Any) -> None:
    """Whoever has chosen a new password by mail may log in, from wherever, whoever tried before."""
    lockout.forget_tries(lockout.names_of(user))


def _end_tokens(instance: Any, update_fields: Any, **_: Any) -> None:
    """Programs act for an account as long as its password is what it was, and it is open."""
    if update_fields and not {"password", "is_active"} & set(update_fields):
        return
    before = get_user_model()._default_manager.filter(pk=instance.pk).first()
    if before and (_has_new_password(before, instance, update_fields) or not instance.is_active):
        tokens.revoke_all(customer_id(instance))


def _end_sessions(instance: Any, update_fields: Any, **_: Any) -> None:
    """Who was logged in before an account was closed is not when it is opened again."""
    if instance.pk and not instance.is_active and "is_active" in (update_fields or ["is_active"]):
        session_backend.forget([customer_id(instance)])


def _has_new_password(before: Any, now: Any, update_fields: Any) -> bool:
    """Not where Django, which was just given the right one, keeps the same in a stronger way."""
    kept_stronger = (
        now._password is None
        and set(update_fields or ()) == {"password"}
        and now.has_usable_password()
        and _is_outdated(before.password)
    )
    return before.password != now.password and not kept_stronger


def _is_outdated(encoded: str) -> bool:
    preferred = get_hasher()
    try:
        used = identify_hasher(encoded)
    except ValueError:
        return False
    return used.algorithm != preferred.algorithm or preferred.must_update(encoded)
