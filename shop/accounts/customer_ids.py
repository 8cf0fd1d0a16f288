"""Customer ids: under them all apps know a customer, and an account is found."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser

PREFIX = "user-"


def customer_id(user: Any) -> str:
    """Return the id under which all apps know this account's owner."""
    return f"{PREFIX}{user.pk}"


def account_of(customer_id: str) -> int | None:
    """Return the primary key of this customer's account; None for an id that is no account's."""
    prefix, number = customer_id[: len(PREFIX)], customer_id[len(PREFIX) :]
    return int(number) if prefix == PREFIX and number.isascii() and number.isdecimal() else None


def user_of(customer_id: str) -> AbstractBaseUser | None:
    """Return this customer's account; None if it was closed."""
    users = get_user_model()._default_manager
    return users.filter(pk=account_of(customer_id) or 0, is_active=True).first()


def with_account(customer_ids: Iterable[str]) -> set[str]:
    """Return those of these customers whose account is open."""
    by_account = {account: each for each in customer_ids if (account := account_of(each))}
    users = get_user_model()._default_manager.filter(pk__in=by_account)
    open_accounts = users.filter(is_active=True).values_list("pk", flat=True)
    return {by_account[pk] for pk in open_accounts}
