"""Signal receivers for accounts: they hold whoever changes one, a page, the admin or a command."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import password_reset
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import get_hasher, identify_hasher
from django.db.models.signals import pre_save

from eventbus import mailbox
from shop.accounts import tokens
from shop.accounts.customer_ids import customer_id
from shop.ratelimit import lockout
from shop.storefront import session_backend


def connect_signals() -> None:
    """Connect the receivers; called once, when Django is ready."""
    for model in (get_user_model(), EmailAddress):
        pre_save.connect(_normalize_email, sender=model)
    pre_save.connect(_revoke_tokens, sender=get_user_model())
    pre_save.connect(_end_sessions, sender=get_user_model())
    password_reset.connect(_forget_failed_logins)


def _normalize_email(instance: Any, **_: Any) -> None:
    """Normalize an address before it is saved, so that equal ones compare equal."""
    instance.email = mailbox(instance.email)


def _forget_failed_logins(user: Any, **_: Any) -> None:
    """Forget failed logins once a new password was chosen by mail: its owner may log in at once."""
    lockout.delete_attempts(lockout.login_names(user))


def _revoke_tokens(instance: Any, update_fields: Any, **_: Any) -> None:
    """Revoke API tokens when the password changes or the account is closed."""
    if update_fields and not {"password", "is_active"} & set(update_fields):
        return
    before = get_user_model()._default_manager.filter(pk=instance.pk).first()
    if before and (_has_new_password(before, instance, update_fields) or not instance.is_active):
        tokens.revoke_all(customer_id(instance))


def _end_sessions(instance: Any, update_fields: Any, **_: Any) -> None:
    """End the sessions of an account that is closed, so that none is back when it is reopened."""
    if instance.pk and not instance.is_active and "is_active" in (update_fields or ["is_active"]):
        session_backend.forget([customer_id(instance)])


def _has_new_password(before: Any, now: Any, update_fields: Any) -> bool:
    """Tell a new password from the same one that Django has just hashed anew, more strongly."""
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
