"""What the address of a receiver may be."""

from urllib.parse import SplitResult, urlsplit

import idna

from eventbus.bridges.webhooks import addresses
from eventbus.bridges.webhooks.errors import RefusedAddress, RefusedSubscription
from eventbus.conf import conf

LONGEST = 500
#: Ports below are other services', but for that of https.
LOWEST_PORT = 1024


def checked_url(url: str) -> str:
    """Return the address as it is stored and asked for: in ASCII, its host in small letters.

    Raises `RefusedSubscription` saying what is wrong with it.
    """
    url = url.strip()
    if len(url) > LONGEST or not url.isprintable() or " " in url:
        message = "must be an address of at most %(longest)s characters, without blanks"
        raise _wrong(message, longest=LONGEST)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise _wrong("is not a web address") from error
    _check_parts(parts)
    _check_port(port)
    host = _ascii_host(parts.hostname or "")
    if not (parts.path + parts.query).isascii():
        raise _wrong("must have only characters of ASCII after its host; write others as %%XX")
    literal = f"[{host}]" if ":" in host else host
    return parts._replace(netloc=literal if port is None else f"{literal}:{port}").geturl()


def host_of(url: str) -> str:
    """Return the host of a receiver's address: what may be shown to anybody."""
    return urlsplit(url).hostname or ""


def _check_parts(parts: SplitResult) -> None:
    schemes = ("https://", "http://") if conf.WEBHOOKS_ALLOW_LOCAL else ("https://",)
    if f"{parts.scheme}://" not in schemes or not parts.hostname:
        raise _wrong("must begin with %(schemes)s and a host", schemes=", ".join(schemes))
    if "@" in parts.netloc:
        raise _wrong("must have no user name or password; the signature says who sends")
    if parts.fragment:
        raise _wrong("must have no part after #, which no server gets")


def _check_port(port: int | None) -> None:
    if not (port in (None, 443) or conf.WEBHOOKS_ALLOW_LOCAL or port >= LOWEST_PORT):
        raise _wrong("must have port 443, or one from %(lowest)s", lowest=LOWEST_PORT)


def _ascii_host(host: str) -> str:
    """Return the host as name servers know it; raises for one that is none of theirs."""
    try:
        addresses.check_host(host)
    except RefusedAddress as error:
        raise _wrong(addresses.NOT_PUBLIC) from error
    if ":" in host:
        return host
    try:
        found = idna.encode(host, uts46=True).decode() if not host.isascii() else host.lower()
    except idna.IDNAError as error:
        raise _wrong("has a host that is not a name") from error
    if found.rstrip(".").endswith("localhost") and not conf.WEBHOOKS_ALLOW_LOCAL:
        raise _wrong(addresses.NOT_PUBLIC)
    return found


def _wrong(message: str, **params: object) -> RefusedSubscription:
    return RefusedSubscription("url", message, **params)
