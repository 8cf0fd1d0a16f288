"""How every program connects to the database and the broker: a silent connection is given up.

The settings import this module, so it needs nothing of Django.
"""

import socket
from typing import Any

import dj_database_url


def database_settings(url: str, connect_within: int, silence: int) -> dict[str, Any]:
    """Return Django's settings of the database at `url`; options in the URL come first.

    A read-only server, such as a standby or a former primary, is not used: of several hosts
    libpq takes the one that can be written to.
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
    """Return the TCP options of a socket, as far as this system has them."""
    wanted = {
        "TCP_KEEPIDLE": _idle(silence),
        "TCP_KEEPINTVL": _interval(silence),
        "TCP_KEEPCNT": 3,
        "TCP_USER_TIMEOUT": silence * 1000,
    }
    return {getattr(socket, name): wanted[name] for name in wanted if hasattr(socket, name)}


def _idle(silence: int) -> int:
    """Return the seconds of silence before the first keepalive probe."""
    return max(silence // 2, 1)


def _interval(silence: int) -> int:
    """Return the seconds between keepalive probes, of which three may go unanswered."""
    return max(silence // 6, 1)
