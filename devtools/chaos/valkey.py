"""The embedded Valkey under our own hands: supervisord would start again what we kill."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis

from devtools.chaos.proxy import Address
from devtools.embedded import valkey, valkey_socket
from devtools.waiting import wait_until
from shop.process_tree import start

#: Seconds it may take to answer, its data read.
READY_WITHIN = 60
#: Bytes it may hold: less than it does, and as many as there are.
FULL, UNBOUNDED = 1, 0


class Valkey:
    """A server in a state folder; what it was told is kept over a kill, as far as it wrote it."""

    #: What the shop's settings call it; the port is the proxy's.
    scheme = "redis://127.0.0.1:{port}/0"

    def __init__(self, state: Path) -> None:
        self._state = state
        self._starting = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def address(self) -> Address:
        return valkey_socket(self._state)

    @property
    def url(self) -> str:
        """Return its own address, past any proxy."""
        return f"redis+socket://{valkey_socket(self._state)}"

    def start(self) -> None:
        """Start the server, unless it runs, and wait until it answers."""
        with self._starting:
            if self._process is None or self._process.poll() is not None:
                self._process = self._launch()
            wait_until(lambda: valkey.answers(self._state), READY_WITHIN, "Valkey")

    def _launch(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "devtools.embedded", "valkey"]
        environment = os.environ | {"SHOP_STATE": str(self._state)}
        with (self._state / "valkey.log").open("ab") as log:
            return start(command, env=environment, stdout=log, stderr=log)

    def kill(self) -> None:
        """Kill it with -9."""
        if self._process:
            self._process.kill()
            self._process.wait()

    def wipe(self) -> None:
        """Have it forget everything: queues, bindings, what is under way."""
        with self._client() as client:
            client.flushall()

    def fill(self) -> None:
        """Have it take nothing more."""
        with self._client() as client:
            client.config_set("maxmemory", FULL)

    def make_room(self) -> None:
        with self._client() as client:
            client.config_set("maxmemory", UNBOUNDED)

    def _client(self) -> redis.Redis:
        wait_until(lambda: valkey.answers(self._state), READY_WITHIN, "Valkey")
        return redis.Redis(unix_socket_path=str(valkey_socket(self._state)))

    def stop(self) -> None:
        """End it in good order."""
        if self._process:
            self._process.terminate()
            self._process.wait()


@contextmanager
def running_valkey(state: Path) -> Iterator[Valkey]:
    """Run a server that ends with the block."""
    server = Valkey(state)
    try:
        yield server
    finally:
        server.stop()
