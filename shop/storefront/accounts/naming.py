"""The id under which all apps know a customer."""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser

PREFIX = "user-"


def customer_id(user: Any) -> str:
    """The id under which all apps know this account's owner."""
    return f"{PREFIX}{user.pk}"


def user_of(customer_id: str) -> AbstractBaseUser | None:
    """The account of this customer, unless it was closed."""
    users = get_user_model()._default_manager
    return users.filter(pk=customer_id.removeprefix(PREFIX), is_active=True).first()
