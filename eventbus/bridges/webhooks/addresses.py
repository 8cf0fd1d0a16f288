"""Which addresses a request may go to: of the public internet alone.

A receiver's name is resolved once, and the connection goes to what was checked: what a name
server answers the second time is never asked.
"""

import socket
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from queue import Empty, SimpleQueue
from threading import Thread

from eventbus.bridges.webhooks.errors import RefusedAddress
from eventbus.conf import conf

#: Why an address is refused.
NOT_PUBLIC = "its address is not one of the public internet"
#: IPv4 addresses as the translator of an IPv6 network has them (RFC 6052).
NAT64 = ip_network("64:ff9b::/96")
#: What IPv6 routes between networks (RFC 4291).
GLOBAL_UNICAST = ip_network("2000::/3")
#: Public by the registries and yet not a server on the internet: tunnels (6to4, Teredo), and
#: Azure's virtual public address, behind which is the metadata of its machines.
NOT_SERVERS = [
    ip_network(network)
    for network in ("2002::/16", "2001::/32", "192.88.99.0/24", "168.63.129.16/32")
]


def is_public(address: str) -> bool:
    """Return whether an IP address is a server's on the public internet, however it is written."""
    found = _unwrapped(ip_address(address))
    if isinstance(found, IPv6Address) and found not in GLOBAL_UNICAST:
        return False
    return (
        found.is_global
        and not found.is_multicast
        and not found.is_reserved
        and not any(found in network for network in NOT_SERVERS)
    )


def check_host(host: str) -> None:
    """Raise `RefusedAddress` for a host that is an IP address which is not public."""
    with suppress(ValueError):
        _check([str(ip_address(host))])


def resolve(host: str, port: int, within: float) -> list[str]:
    """Return the IP addresses of a host, all of them public.

    Raises `RefusedAddress` when one is not, `OSError` when there is none, or when the name servers
    take longer than `within` seconds.
    """
    addresses = list(dict.fromkeys(_look_up(host, port, within)))
    _check(addresses)
    return addresses


def _check(addresses: list[str]) -> None:
    if not conf.WEBHOOKS_ALLOW_LOCAL and not all(map(is_public, addresses)):
        raise RefusedAddress(NOT_PUBLIC)


def _unwrapped(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Return the IPv4 address inside an IPv6 address that stands for one."""
    if isinstance(address, IPv6Address):
        if address in NAT64:
            return IPv4Address(int(address) & 0xFFFFFFFF)
        return address.ipv4_mapped or address
    return address


def _look_up(host: str, port: int, within: float) -> list[str]:
    """Ask the resolver in a thread of its own: it knows no time limit."""
    answers: SimpleQueue[list[str] | OSError | UnicodeError] = SimpleQueue()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answers.put([str(address[0]) for *_, address in found])
        except (OSError, UnicodeError) as error:
            answers.put(error)

    Thread(target=ask, daemon=True).start()
    try:
        answer = answers.get(timeout=within)
    except Empty:
        raise OSError("its name servers do not answer") from None
    if isinstance(answer, list):
        return answer
    raise OSError(f"there is no server of the name {host}") from answer
