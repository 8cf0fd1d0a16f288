"""Sessions in the database, as Django keeps them, but for two things that shoppers run into.

And each says whom it is about: who is erased is not found by reading them all.
"""

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse

from eventbus import mailbox
from shop.accounts.customer_ids import PREFIX
from shop.storefront.cart_session import KEY

if TYPE_CHECKING:
    from shop.storefront.models import Session

_ADDRESS = re.compile(r"[^\s\"'<>()\[\]{},;:\\]+@[^\s\"'<>()\[\]{},;:\\]+")


class SessionStore(db.SessionStore):
    """A cookie that cannot be one of ours is nobody's: the database is not asked about it."""

    @classmethod
    def get_model_class(cls) -> "type[Session]":
        # Here, because models ask for the engine before they are all there.
        from shop.storefront.models import Session

        return Session

    def create_model_instance(self, data: dict[str, Any]) -> "Session":
        session: Any = super().create_model_instance(data)
        session.about = sorted(set(_about(data)))
        return session

    def _validate_session_key(self, key: str) -> bool:
        return super()._validate_session_key(key) and key.isalnum()  # type: ignore[misc]


class Sessions(SessionMiddleware):
    """Who logs in or out in another tab while a page is made is shown that page all the same.

    What it did is done, such as an order that is placed; only its session is not there
    any more to remember anything.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        try:
            return super().process_response(request, response)
        except SessionInterrupted:
            return response


def forget(about: Iterable[str]) -> None:
    """End every session that is about one of these: accounts, carts, e-mail addresses."""
    model = SessionStore.get_model_class()
    model.objects.filter(about__overlap=[mailbox(each) for each in about if each]).delete()


def _about(data: dict[str, Any]) -> Iterator[str]:
    """Yield the account, the cart and every address in a session's data."""
    if user := data.get(SESSION_KEY):
        yield f"{PREFIX}{user}"
    if cart := data.get(KEY):
        yield cart
    yield from _addresses(data)


def _addresses(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield from (mailbox(found.strip(".")) for found in _ADDRESS.findall(value))
    elif isinstance(value, dict):
        yield from _addresses(list(value.values()))
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _addresses(each)
