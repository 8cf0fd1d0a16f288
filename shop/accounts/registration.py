"""Registration: opens an account."""

from uuid import uuid4

from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.db import connection, transaction

from eventbus import emit, emits, mailbox
from shop.accounts.customer_ids import customer_id
from shop.events import UserRegistered
from shop.storefront.models import Profile


class AlreadyRegistered(Exception):
    """There is an account for this e-mail address already."""


@emits(UserRegistered)
def register(
    email: str, password: str, name: str, language: str = "en", *, confirmed: bool = False
) -> User:
    """Open an account and emit `UserRegistered`; returns the user. Raises `AlreadyRegistered`.

    Unless the address is `confirmed` the user logs in once they have confirmed it.
    """
    email = mailbox(email)
    with transaction.atomic():
        _lock_address(email)
        if is_taken(email):
            raise AlreadyRegistered(f"{email} has an account")
        # People change their address; the name in the database stays.
        user = get_user_model()._default_manager.create_user(
            username=uuid4().hex, email=email, password=password, first_name=name
        )
        EmailAddress.objects.create(user=user, email=email, primary=True, verified=confirmed)
        Profile.objects.create(customer_id=customer_id(user), language=language)
        emit(
            UserRegistered(customer_id=customer_id(user), email=email, name=name, language=language)
        )
    return user


def is_taken(email: str) -> bool:
    """Say whether an account has this address as its own, or has confirmed it.

    An address that was added and never confirmed does not count.
    """
    email = mailbox(email)
    users = get_user_model()._default_manager
    return (
        users.filter(email=email).exists()
        or EmailAddress.objects.filter(email=email, verified=True).exists()
    )


def _lock_address(email: str) -> None:
    """Lock the address, so that of two registrations at a time the second is refused."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 1))", [email])
