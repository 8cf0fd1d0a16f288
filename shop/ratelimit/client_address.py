"""The client's address, behind trusted proxies, as limits are counted by it."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

from django.conf import settings
from django.http import HttpRequest

#: For a connection without an address, such as a Unix socket, or with an unreadable one.
UNKNOWN_IP = "0.0.0.0"
#: A client has a whole network of this size in IPv6, so the network counts.
IPV6_PREFIX = 64
#: Ways to write IPv4 in IPv6: mapped, translated (SIIT), compatible, and by NAT64.
IPV4_AT_THE_END = [
    IPv6Network(network)
    for network in ("::ffff:0:0/96", "::ffff:0:0:0/96", "::/96", "64:ff9b::/96", "64:ff9b:1::/48")
]


def client_ip(request: HttpRequest, *_: Any) -> str:
    """Return the client's IPv4 address, or the network of its IPv6 address.

    Each trusted proxy appends its peer to X-Forwarded-For; what stands before those entries was
    written by the client and is ignored.
    """
    address = request.META.get("REMOTE_ADDR") or UNKNOWN_IP
    if settings.TRUSTED_PROXIES:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        if len(forwarded) >= settings.TRUSTED_PROXIES:
            address = forwarded[-settings.TRUSTED_PROXIES].strip()
    return normalize_ip(address)


def normalize_ip(text: str) -> str:
    """Return an IPv4 address in its usual form, also if written as IPv6; of IPv6 the network.

    `UNKNOWN_IP` for a text that is no address.
    """
    try:
        parsed = ip_address(_bare(text))
    except ValueError:
        return UNKNOWN_IP
    if isinstance(parsed, IPv6Address):
        return str(_ipv4_within(parsed) or ip_network((parsed, IPV6_PREFIX), strict=False)[0])
    return str(parsed)


def _bare(text: str) -> str:
    """Remove what some proxies add: quotes, brackets, a port, the name of an interface."""
    text = text.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    return text.partition("%")[0]


def _ipv4_within(address: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address inside an IPv6 one.

    Otherwise all of IPv4 would count as one network, or one IPv4 address as many networks.
    """
    if any(address in network for network in IPV4_AT_THE_END) and int(address) > 1:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.sixtofour or (address.teredo[1] if address.teredo else None)
