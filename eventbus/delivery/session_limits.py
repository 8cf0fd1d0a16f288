"""How long PostgreSQL lets a process work, wait for a lock, or leave a transaction idle."""

from django.db import DEFAULT_DB_ALIAS, connections

from eventbus.conf import conf


def limit_sessions(kind: str) -> None:
    """Have connections that this process opens from now on keep to `SESSION_LIMITS[kind]`.

    Said as a connection is opened, so that it costs no statement; what DATABASE_URL says counts
    for more. A pooler takes no such words: its own configuration says them.
    """
    if conf.DIRECT_DATABASE != DEFAULT_DB_ALIAS:
        return
    limits = [f"-c {name}={limit}" for name, limit in conf.SESSION_LIMITS.get(kind, {}).items()]
    options = connections.settings[DEFAULT_DB_ALIAS].setdefault("OPTIONS", {})
    options["options"] = " ".join([*limits, options.get("options", "")])
