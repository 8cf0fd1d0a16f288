"""The limit on wrong discount codes: nobody finds one by trying."""

from collections.abc import Container

from django.http import HttpRequest

from shop.ratelimit import limits
from shop.ratelimit.client_address import client_ip

RULE = "promotion"


def retry_after(request: HttpRequest) -> int:
    """Return the seconds for which this client may try no code, else 0; counts nothing."""
    return limits.retry_after(RULE, client_ip(request))


def count(request: HttpRequest, errors: Container[str]) -> None:
    """Count a request whose `code` is among the fields that were refused."""
    if "code" in errors:
        limits.hit(RULE, client_ip(request))
