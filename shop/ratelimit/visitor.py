"""Where a request comes from, as far as that can be believed."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

from django.conf import settings
from django.http import HttpRequest

#: Where the connection has no address: a socket of this machine.
NOWHERE = "0.0.0.0"
#: Whoever has one address of IPv6 has as many as they like, up to here.
IPV6_PREFIX = 64
#: Ways to write IPv4 in IPv6: mapped, translated (SIIT), compatible, and by NAT64.
IPV4_AT_THE_END = [
    IPv6Network(network)
    for network in ("::ffff:0:0/96", "::ffff:0:0:0/96", "::/96", "64:ff9b::/96", "64:ff9b:1::/48")
]


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
    return counted_as(heard)


def counted_as(heard: str) -> str:
    """What an address is counted as: of IPv4 it alone, however it is written; of IPv6 its network.

    `0.0.0.0` for what is no address.
    """
    try:
        parsed = ip_address(_bare(heard))
    except ValueError:
        return NOWHERE
    if isinstance(parsed, IPv6Address):
        return str(_ipv4_within(parsed) or ip_network((parsed, IPV6_PREFIX), strict=False)[0])
    return str(parsed)


def _bare(heard: str) -> str:
    """Without what some proxies add: quotes, brackets, a port, the name of an interface."""
    heard = heard.strip().strip('"')
    if heard.startswith("["):
        heard = heard[1:].partition("]")[0]
    elif heard.count(":") == 1:
        heard = heard.partition(":")[0]
    return heard.partition("%")[0]


def _ipv4_within(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that stands in it: all of IPv4 would be one network otherwise, or one
    address of IPv4 would be a whole range of networks."""
    if any(address in network for network in IPV4_AT_THE_END) and int(address) > 1:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.sixtofour or (address.teredo[1] if address.teredo else None)
