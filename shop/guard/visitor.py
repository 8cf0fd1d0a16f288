"""Where a request comes from, as far as that can be believed."""

from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

from django.conf import settings
from django.http import HttpRequest

#: Where the connection has no address: a socket of this machine.
NOWHERE = "0.0.0.0"
#: Whoever has one address of IPv6 has as many as they like, up to here.
IPV6_PREFIX = 64


def address(request: HttpRequest, *_: Any) -> str:
    """The visitor's address; of IPv6, their network's.

    Each proxy of ours writes whom it heard at the end of X-Forwarded-For; what stands
    before that was written by the visitor and says nothing.
    """
    heard = request.META.get("REMOTE_ADDR") or NOWHERE
    if settings.TRUSTED_PROXIES:
        told = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        if len(told) >= settings.TRUSTED_PROXIES:
            heard = told[-settings.TRUSTED_PROXIES].strip()
    try:
        parsed = ip_address(heard)
    except ValueError:
        return NOWHERE
    if isinstance(parsed, IPv6Address):
        return str(ip_network(f"{parsed}/{IPV6_PREFIX}", strict=False).network_address)
    return heard
