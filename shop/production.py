"""What makes a deployment production, and what it must not run without.

A shop that others can reach is production: one whose SHOP_URL or ALLOWED_HOSTS name more than
this machine, or which listens where other machines come in, by SHOP_HOST or by the command line.
"""

import os
import sys
from collections.abc import Iterator
from urllib.parse import urlsplit

from shop.environment import (
    DEVELOPMENT_BUS_KEY,
    DEVELOPMENT_FLOWER_PASSWORD,
    DEVELOPMENT_SECRET_KEY,
    Environment,
)
from shop.listen_addresses import is_public, names_other_host, requested_addresses

SHORTEST_SECRET_KEY = 50
SHORTEST_BUS_KEY = 32
SHORTEST_PASSWORD = 12
HOW = "python -c 'import secrets; print(secrets.token_urlsafe(48))' makes one"


def is_production(env: Environment) -> bool:
    """Say whether others than the people at this machine can come in."""
    names = [urlsplit(env.shop_url).hostname or "", *_hosts(env)]
    places = [env.shop_host, *requested_addresses(sys.argv, os.environ)]
    return any(map(names_other_host, names)) or any(map(is_public, places))


def refuse_unsafe(env: Environment) -> None:
    """Raise SystemExit, a line for each reason, if this environment must not be production."""
    if reasons := faults(env):
        raise SystemExit("\n".join(reasons))


def faults(env: Environment) -> list[str]:
    """Return a line for each reason why this environment must not be production."""
    return [*_secrets(env), *_openness(env)]


def _secrets(env: Environment) -> Iterator[str]:
    if env.secret_key == DEVELOPMENT_SECRET_KEY or len(env.secret_key) < SHORTEST_SECRET_KEY:
        yield f"SECRET_KEY: needs a secret of {SHORTEST_SECRET_KEY} characters or more; {HOW}"
    if len(env.fingerprint_key) < SHORTEST_SECRET_KEY:
        yield (
            f"FINGERPRINT_KEY: needs a secret of {SHORTEST_SECRET_KEY} characters or more, which "
            f"is never changed; {HOW}"
        )
    keys = [key.strip() for key in env.eventbus_keys.split(",")]
    if DEVELOPMENT_BUS_KEY in keys or any(len(key) < SHORTEST_BUS_KEY for key in keys):
        yield f"EVENTBUS_KEYS: needs secrets of {SHORTEST_BUS_KEY} characters or more; {HOW}"
    if (
        env.flower_password == DEVELOPMENT_FLOWER_PASSWORD
        or len(env.flower_password) < SHORTEST_PASSWORD
    ):
        yield f"FLOWER_PASSWORD: needs a password of {SHORTEST_PASSWORD} characters or more"


def _openness(env: Environment) -> Iterator[str]:
    if env.debug:
        yield "DEBUG: its pages show secrets to everybody; unset it"
    if any(_is_anybodys(host) for host in _hosts(env)):
        yield "ALLOWED_HOSTS: name the shop's hosts; * or .com lets anybody choose one"
    if env.webhooks_allow_local:
        yield "WEBHOOKS_ALLOW_LOCAL: lets customers reach into your own network; unset it"
    if urlsplit(env.shop_url).scheme != "https":
        yield "SHOP_URL: must be the https:// address that shoppers use"
    elif urlsplit(env.shop_url).hostname not in _hosts(env):
        yield "ALLOWED_HOSTS: must name the host of SHOP_URL"
    if not env.trusted_proxies:
        yield "TRUSTED_PROXIES: say how many proxies stand before the shop; the first speaks TLS"


def _is_anybodys(host: str) -> bool:
    """Say whether everybody can have a host of that pattern: any at all, or any of one ending."""
    return host == "*" or (host.startswith(".") and "." not in host.strip("."))


def _hosts(env: Environment) -> list[str]:
    return [host.strip() for host in env.allowed_hosts.split(",")]
