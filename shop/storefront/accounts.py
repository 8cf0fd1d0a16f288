"""Accounts: who shops here."""

from typing import Any

from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction

from shop.bus import emit
from shop.events import UserRegistered


class AlreadyRegistered(Exception):
    """There is an account for this e-mail address already."""


def register(email: str, password: str, name: str) -> Any:
    """Open an account and state it; returns the user. Raises `AlreadyRegistered`."""
    email = email.strip().lower()
    try:
        with transaction.atomic():
            user = get_user_model().objects.create_user(
                username=email, email=email, password=password, first_name=name
            )
            emit(UserRegistered(customer_id=customer_id(user), email=email, name=name))
    except IntegrityError as error:
        raise AlreadyRegistered(f"{email} has an account") from error
    return user


def customer_id(user: Any) -> str:
    """The id under which all apps know this account's owner."""
    return f"user-{user.pk}"
