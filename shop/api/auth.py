"""Who asks: a customer, by a token of theirs, or a guest."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from ninja.errors import AuthenticationError
from ninja.security import HttpBearer
from ninja.throttling import SimpleRateThrottle

from shop.storefront import accounts


class Token(HttpBearer):
    """A token from the account page; the customer it acts for becomes `request.auth`."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        return accounts.user_of_token(token)


token = Token()

#: For the document: with a token it is for that customer, without one for a guest.
TOKEN_IF_ANY: dict[str, Any] = {"security": [{}, {"Token": []}]}


def caller(request: HttpRequest) -> Any:
    """The customer or a guest, looked up once; a token that does not work is refused."""
    if "Authorization" not in request.headers:
        return AnonymousUser()
    known = vars(request)
    if "auth" not in known:
        known["auth"] = token(request)
    if known["auth"] is None:
        raise AuthenticationError
    return known["auth"]


def customer_id(request: HttpRequest) -> str:
    """Under which all apps know the caller; empty for a guest."""
    user = caller(request)
    return accounts.customer_id(user) if user.is_authenticated else ""


class PerMinute(SimpleRateThrottle):
    """So many requests a minute from one address, counted by each web process for itself."""

    def __init__(self) -> None:
        super().__init__(f"{settings.API_RATE}/m")

    def get_cache_key(self, request: HttpRequest) -> str:
        return f"api:{self.get_ident(request)}"
