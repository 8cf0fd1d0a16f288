"""A real web process on the tests' database, and browsers that watch an order there."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

from django.db import connection

from devtools.system import PROJECT
from devtools.waiting import wait_until

#: By which its connections are known to the database.
NAME = "web-under-test"
#: Seconds a piece of news may take on a machine busy with other tests.
IN_TIME = 20


@dataclass(frozen=True)
class Web:
    """A web process that serves the tests' database."""

    port: int
    process: subprocess.Popen
    log: Path

    @property
    def connections(self) -> int:
        """Count how many connections it has to the database."""
        with connection.cursor() as cursor:
            cursor.execute(
                "select count(*) from pg_stat_activity where application_name = %s", [NAME]
            )
            return cursor.fetchone()[0]

    @property
    def threads(self) -> int:
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"Threads:\s+(\d+)", status)[1])

    def drop_connections(self) -> None:
        """End its connections, as a restart of the database does."""
        with connection.cursor() as cursor:
            cursor.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity "
                "where application_name = %s",
                [NAME],
            )

    def stop(self) -> int:
        """Tell it to end; returns its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(IN_TIME)


@contextmanager
def web_process(log: Path, **env: str) -> Iterator[Web]:
    """A web process of `make run`, with this environment, ready; it ends with the block."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = os.environ | {"DATABASE_URL": database_url(), "LOG_LEVEL": "INFO"} | env
    command = [sys.executable, "-m", "uvicorn", "shop.asgi:application", "--lifespan", "on"]
    options = ["--port", str(port), "--timeout-graceful-shutdown", "2", "--no-access-log"]
    with log.open("w") as output:
        process = subprocess.Popen(
            [*command, *options], cwd=PROJECT, env=environment, stdout=output, stderr=output
        )
    try:
        wait_until(lambda: _answers(port), 60, "the web process")
        yield Web(port, process, log)
    finally:
        process.kill()
        process.wait()


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def database_url(**options: str) -> str:
    """Return the address of the tests' database, with further options of its sessions."""
    parameters = connection.get_connection_params()
    at = {name: parameters[name] for name in ("host", "port") if parameters.get(name)}
    login = f"{quote(parameters['user'])}:{quote(parameters.get('password') or '')}"
    query = urlencode({**at, "application_name": NAME, **options})
    return f"postgresql://{login}@/{parameters['dbname']}?{query}"


@dataclass
class News:
    """One event of a stream."""

    name: str
    id: str
    data: str


class Watcher:
    """Somebody who has a page open, and reads its stream."""

    def __init__(self, web: Web, path: str, **headers: str) -> None:
        self._socket = socket.create_connection(("127.0.0.1", web.port), timeout=IN_TIME)
        lines = [f"GET {path} HTTP/1.0", f"Host: 127.0.0.1:{web.port}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        self._socket.sendall("\r\n".join([*lines, "", ""]).encode())
        self._file = self._socket.makefile(encoding="utf-8", newline="\n")

    def begin(self) -> int:
        """Read the answer's head; returns its status."""
        self.headers: dict[str, str] = {}
        status = int(self._file.readline().split()[1])
        while line := self._file.readline().strip():
            name, _, value = line.partition(": ")
            self.headers[name.lower()] = value
        return status

    def page(self) -> str:
        """Read all of a page that is no stream."""
        return self._file.read()

    def next(self) -> News | None:
        """The next event, in time; None when the stream is over. Comments are passed over."""
        fields: dict[str, list[str]] = {}
        give_up = time.monotonic() + IN_TIME
        for line in iter(self._file.readline, ""):
            if time.monotonic() > give_up:
                raise TimeoutError("no news")
            name, _, value = line.rstrip("\n").partition(": ")
            if name in ("id", "event", "data"):
                fields.setdefault(name, []).append(value)
            elif not name and "event" in fields:
                return News(*("\n".join(fields.get(key, [])) for key in ("event", "id", "data")))
        return None

    def until(self, text: str) -> News:
        """Read on to the news that tells `text`."""
        while news := self.next():
            if text in news.data:
                return news
        raise AssertionError(f"the stream ended without {text!r}")

    def quiet(self, seconds: float) -> bool:
        """Return whether no event comes for so long, nor the end."""
        self._socket.settimeout(seconds)
        try:
            self.next()
        except TimeoutError:
            return True
        return False

    def close(self) -> None:
        self._file.close()
        self._socket.close()
