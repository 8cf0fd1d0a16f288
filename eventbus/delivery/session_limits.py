"""How long PostgreSQL lets a process work, wait for a lock, or leave a transaction idle."""

from django.db import connections

from eventbus.conf import conf


def limit_sessions(kind: str) -> None:
    """Have connections that this process opens from now on keep to `SESSION_LIMITS[kind]`.

    Said as a connection is opened, so that it costs no statement; what DATABASE_URL says counts
    for more. A pooler takes no such words: its configuration says them (docs/brokers.md).
    """
    if "direct" in connections.settings:
        return
    limits = [f"-c {name}={limit}" for name, limit in conf.SESSION_LIMITS.get(kind, {}).items()]
    options = connections.settings["default"].setdefault("OPTIONS", {})
    options["options"] = " ".join([*limits, options.get("options", "")])
