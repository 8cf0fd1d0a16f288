"""Whether an address to listen on can be reached from other machines.

The settings import this module, so it needs no Django.
"""

import socket
from collections.abc import Iterator, Mapping, Sequence
from ipaddress import IPv6Address, ip_address

import psutil

#: How servers are told on their command line where to listen: uvicorn, gunicorn, hypercorn,
#: daphne, Flower.
FLAGS = ("--host", "--bind", "--address")
#: Those that also say it in short; to others -b is something else.
IN_SHORT = ("gunicorn", "hypercorn", "daphne")
#: And in the environment.
VARIABLES = ("UVICORN_HOST", "FLOWER_ADDRESS")
#: What begins like this is no address of a network.
SOCKETS = ("unix:", "fd://")


def names_other_host(name: str) -> bool:
    """Tell whether a host's name means another machine than this one; nothing is looked up."""
    host = name.strip().strip("[]").lower()
    if not host or host == "localhost" or host.endswith(".localhost"):
        return False
    return not _is_loopback(host)


def is_public(place: str) -> bool:
    """Tell whether other machines reach a listener at `HOST`, `HOST:PORT` or a socket.

    A name is looked up; one that is not found counts as reached. An empty host is every address.
    """
    if place.startswith(SOCKETS):
        return False
    return not all(_is_loopback(address) for address in _addresses(_host(place)))


def requested_addresses(argv: Sequence[str], environment: Mapping[str, str]) -> Iterator[str]:
    """Yield the places to listen on that a command line or a server's environment names."""
    flags = FLAGS + (("-b",) if any(name in argv[0] for name in IN_SHORT) else ())
    for word, following in zip(argv, [*argv[1:], ""], strict=True):
        flag, equals, value = word.partition("=")
        if flag in flags:
            yield value if equals else following
        elif "-b" in flags and word.startswith("-b"):
            yield word.removeprefix("-b")
        elif "runserver" in argv and ":" in word:
            yield word
    yield from (environment[name] for name in VARIABLES if name in environment)


def public_addresses() -> list[str]:
    """Return the addresses on which this process listens and other machines reach it."""
    doors = (c.laddr.ip for c in psutil.Process().net_connections("inet") if c.status == "LISTEN")
    return sorted({address for address in doors if not _is_loopback(address)})


def _host(place: str) -> str:
    if place.startswith("["):
        return place[1:].partition("]")[0]
    return place.partition(":")[0] if place.count(":") == 1 else place


def _addresses(host: str) -> list[str]:
    try:
        found = socket.getaddrinfo(host or "0.0.0.0", None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return [host]
    return [str(address[0]) for *_, address in found]


def _is_loopback(address: str) -> bool:
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = parsed.ipv4_mapped if isinstance(parsed, IPv6Address) else None
    return (mapped or parsed).is_loopback
