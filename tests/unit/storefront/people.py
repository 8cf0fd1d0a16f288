"""People with accounts, and the mails that lead them on."""

from datetime import timedelta
from urllib.parse import urlsplit

from allauth.account.models import EmailAddress

from eventbus import unseal
from eventbus.testing import emitted
from shop import accounts
from shop.events import AccountMailRequested

SECRET = "a long secret"
ADA = {"name": "Ada", "email": "Ada@Example.com", "password1": SECRET}
LOGIN = {"login": "ada@EXAMPLE.com", "password": SECRET}


def account(email: str = "ada@example.com", name: str = "Ada"):
    """An account whose owner has confirmed their address."""
    return accounts.register(email, SECRET, name, confirmed=True)


def also(user, email: str, *, confirmed: bool = True) -> EmailAddress:
    """Another address of theirs."""
    return EmailAddress.objects.create(user=user, email=email, verified=confirmed)


def link(kind: str, email: str = "ada@example.com") -> str:
    """Return where the newest mail of this kind to this address leads, on this site."""
    return urlsplit(opened(emitted(AccountMailRequested, kind=kind, email=email)[-1].link)).path


def opened(link: str) -> str:
    """A sealed link, as the mail has it."""
    return unseal(link, within=timedelta(days=1))


def kinds() -> list[tuple[str, str]]:
    """Return which mails were asked for, to whom."""
    return [(mail.kind, mail.email) for mail in emitted(AccountMailRequested)]


def logged_in(client) -> bool:
    return "_auth_user_id" in client.session


def logged_in_with_cart(client):
    """Register and log in somebody who keeps the cart they have filled; returns the account."""
    user = accounts.register("ada@example.com", SECRET, "Ada")
    cart = client.session["cart"]
    client.force_login(user)
    session = client.session
    session["cart"] = cart
    session.save()
    return user


def prove(client) -> None:
    """Show that one knows the password, as some pages ask one to."""
    client.post("/account/password-check/", {"password": SECRET})
