"""How every program connects to the database and the broker: what has gone silent is left.

The settings import this module, so it needs nothing of Django.
"""

import socket
from typing import Any

import dj_database_url


def database(url: str, connect_within: int, silence: int) -> dict[str, Any]:
    """The database at `url` as Django takes it; what the address itself says goes before.

    A server that lets nobody write is no server of ours, be it a standby or the primary of
    yesterday: of several hosts libpq takes the one that does, and of one it waits for that.
    """
    parsed = dj_database_url.parse(url)
    usual = {
        "connect_timeout": connect_within,
        "target_session_attrs": "read-write",
        "keepalives_idle": _idle(silence),
        "keepalives_interval": _interval(silence),
        "keepalives_count": 3,
        "tcp_user_timeout": silence * 1000,
    }
    return {**parsed, "OPTIONS": usual | parsed.get("OPTIONS", {})}


def tcp_options(silence: int) -> dict[int, int]:
    """What a socket is told, as far as this system knows it."""
    wanted = {
        "TCP_KEEPIDLE": _idle(silence),
        "TCP_KEEPINTVL": _interval(silence),
        "TCP_KEEPCNT": 3,
        "TCP_USER_TIMEOUT": silence * 1000,
    }
    return {getattr(socket, name): wanted[name] for name in wanted if hasattr(socket, name)}


def _idle(silence: int) -> int:
    """Seconds without a word after which the other side is asked for a sign of life."""
    return max(silence // 2, 1)


def _interval(silence: int) -> int:
    """Seconds between such questions, of which three go unanswered."""
    return max(silence // 6, 1)
