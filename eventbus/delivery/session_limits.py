"""PostgreSQL's timeouts for the sessions of a process: statements, locks, idle transactions."""

from django.db import DEFAULT_DB_ALIAS, connections

from eventbus.conf import conf


def limit_sessions(kind: str) -> None:
    """Apply `SESSION_LIMITS[kind]` to the connections that this process opens from now on.

    Set as a connection is opened, so that it costs no statement; DATABASE_URL overrides it. A
    pooler takes no such options: its own configuration has them.
    """
    if conf.DIRECT_DATABASE != DEFAULT_DB_ALIAS:
        return
    limits = [f"-c {name}={limit}" for name, limit in conf.SESSION_LIMITS.get(kind, {}).items()]
    options = connections.settings[DEFAULT_DB_ALIAS].setdefault("OPTIONS", {})
    options["options"] = " ".join([*limits, options.get("options", "")])
