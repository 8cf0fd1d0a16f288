"""Authentication: a customer, by a token of theirs, or a guest."""

from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from ninja.errors import AuthenticationError, Throttled
from ninja.security import HttpBearer
from ninja.throttling import BaseThrottle

from shop import accounts
from shop.ratelimit import client_address, limits

MINUTE = 60
_wait: ContextVar[int] = ContextVar("wait", default=0)


class Token(HttpBearer):
    """A token from the account page; the customer it acts for becomes `request.auth`."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """Raise `Throttled` for whoever has tried too many that do not work."""
        address = client_address.client_ip(request)
        if wait := limits.retry_after("token", address):
            raise Throttled(wait)
        user = accounts.user_of_token(token)
        if user is None:
            limits.hit("token", address)
        return user


token = Token()

#: For the document: with a token it is for that customer, without one for a guest.
TOKEN_IF_ANY: dict[str, Any] = {"security": [{}, {"Token": []}]}


def caller(request: HttpRequest) -> Any:
    """Return the customer or a guest, looked up once; a token that does not work is refused."""
    if "Authorization" not in request.headers:
        return AnonymousUser()
    known = vars(request)
    if "auth" not in known:
        known["auth"] = token(request)
    if known["auth"] is None:
        raise AuthenticationError
    return known["auth"]


def customer_id(request: HttpRequest) -> str:
    """Return the id by which all apps know the caller; empty for a guest."""
    user = caller(request)
    return accounts.customer_id(user) if user.is_authenticated else ""


class PerMinute(BaseThrottle):
    """So many requests a minute from one address."""

    def __init__(self) -> None:
        self.num_requests = settings.API_RATE

    def allow_request(self, request: HttpRequest) -> bool:
        """Tell whether it is not one too many. The count is the database's: processes share it."""
        _wait.set(
            limits.hit_at_rate("api", client_address.client_ip(request), self.num_requests, MINUTE)
        )
        return not _wait.get()

    def wait(self) -> int:
        """Return the seconds until the request that was just refused may be made."""
        return _wait.get()
