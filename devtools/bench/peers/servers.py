"""PostgreSQL and Valkey alone, with an empty database for each who asks."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import redis

from devtools.embedded import database_url, postgres, valkey, valkey_socket
from devtools.system import PROJECT, begin_with_template, free_ports, temporary_state
from devtools.waiting import wait_until
from shop.process_tree import start

READY_WITHIN = 60
END_WITHIN = 15


@dataclass(frozen=True)
class Servers:
    """The two servers of a measurement; the broker listens on a port, as some clients need one."""

    state: Path
    port: int

    @property
    def broker(self) -> str:
        """Return the broker's address."""
        return f"redis://127.0.0.1:{self.port}/0"

    def empty(self, name: str) -> str:
        """Empty the broker, make a database of this name; returns the database's address."""
        with self._valkey() as client:
            client.flushall()
        with psycopg.connect(self._postgres("postgres"), autocommit=True) as connection:
            connection.execute(f"drop database if exists {name} with (force)")
            connection.execute(f"create database {name}")
        return self._postgres(name)

    def listen(self) -> None:
        """Have the broker listen on its port, on this machine alone."""
        with self._valkey() as client:
            client.config_set("bind", "127.0.0.1")
            client.config_set("port", str(self.port))

    def _postgres(self, name: str) -> str:
        return database_url(self.state).replace("/shop?", f"/{name}?")

    def _valkey(self) -> redis.Redis:
        return redis.Redis(unix_socket_path=str(valkey_socket(self.state)))


@contextmanager
def running_servers() -> Iterator[Servers]:
    """Run both until the block ends."""
    with temporary_state() as state:
        state.chmod(0o711)
        begin_with_template(state)
        processes = [_start(state, name) for name in ("postgres", "valkey")]
        try:
            wait_until(lambda: postgres.answers(state), READY_WITHIN, "PostgreSQL")
            wait_until(lambda: valkey.answers(state), READY_WITHIN, "Valkey")
            servers = Servers(state, free_ports(1)[0])
            servers.listen()
            yield servers
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                _wait(process)


def _start(state: Path, name: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "devtools.embedded", name]
    environment = os.environ | {"SHOP_STATE": str(state)}
    with (state / f"{name}.log").open("wb") as log:
        return start(command, cwd=PROJECT, env=environment, stdout=log, stderr=log)


def _wait(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(END_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
