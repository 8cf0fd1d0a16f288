"""One peer at its job: its processes, and what they have written."""

import os
import resource
import signal
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from devtools.bench.cpu_time import cpu_seconds_below
from devtools.bench.peers import job
from devtools.bench.peers.servers import Servers
from devtools.system import PROJECT
from devtools.waiting import wait_until
from shop.process_tree import start

#: Seconds for all consumers to do their first event, and for a role that ends by itself.
READY_WITHIN, ROLE_WITHIN = 120, 300
END_WITHIN = 10
#: Number of the event that shows whether all consumers are there.
FIRST = -1

_ROWS = "select count(*) from effect where number >= 0"
_COUNTS = """
    select count(*), count(distinct (app, number)) from effect where number >= 0
"""
_OF_APP = "select count(*) from effect where number >= 0 and app = %s"
_APPS_READY = f"select count(distinct app) from effect where number = {FIRST}"
_EMITTED = "select count(*) from emitted where number >= 0"
_SECONDS = """
    select extract(epoch from max(effect.at) - (select min(at) from emitted where number >= 0))
    from effect where number >= 0
"""


@dataclass
class Running:
    """A peer whose consumers run, each in a process group of its own, so that -9 takes all of it.

    `python`: of the peer's environment.
    """

    name: str
    python: str
    consumers: tuple[str, ...]
    folder: Path
    env: dict[str, str]
    connection: psycopg.Connection
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def apps(self) -> int:
        """Return how many apps there are."""
        return int(self.env["PEER_APPS"])

    def run(self, *role: str) -> None:
        """Run a role to its end. Raises RuntimeError, with what it printed last, if it fails."""
        process = self.begin(*role)
        if process.wait(ROLE_WITHIN):
            raise RuntimeError(f"{role[0]}: {self.last_line()}")

    def begin(self, *role: str) -> subprocess.Popen[bytes]:
        """Start a role."""
        command = [self.python, "-m", f"devtools.bench.peers.{self.name}", *role]
        with self._log.open("ab") as log:
            return start(
                command, cwd=self.folder, env=self.env, stdout=log, stderr=log, process_group=0
            )

    def consume(self, consumer: str) -> None:
        """Start a consumer."""
        self.processes[consumer] = self.begin("consume", consumer)

    def kill(self, consumer: str) -> None:
        """Kill a consumer and all its processes with -9."""
        process = self.processes.pop(consumer)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def emit(self, events: int) -> subprocess.Popen[bytes]:
        """Start to emit so many events."""
        self.processes["emitter"] = self.begin("emit", "0", str(events))
        return self.processes["emitter"]

    def wait_until_ready(self) -> None:
        """Return when each app has done a first event. Raises RuntimeError if they do not."""
        self.run("emit", str(FIRST), "1")
        try:
            wait_until(
                lambda: self.query(_APPS_READY)[0] == self.apps, READY_WITHIN, "its consumers"
            )
        except TimeoutError as error:
            raise RuntimeError(f"{error}: {self.last_line()}") from error

    def rows(self) -> int:
        """Return how many rows were written: cheap enough to be asked while speed is measured."""
        return self.query(_ROWS)[0]

    def counts(self) -> tuple[int, int]:
        """Return how many rows were written, and how many of these are no double."""
        return self.query(_COUNTS)

    def emitted(self) -> int:
        """Return how many events were written down."""
        return self.query(_EMITTED)[0]

    def done_by(self, app: str) -> int:
        """Return how many rows an app has written."""
        return self.query(_OF_APP, app)[0]

    def seconds(self) -> float:
        """Return the time from the first event to the last row."""
        return float(self.query(_SECONDS)[0] or 0)

    def query(self, statement: str, *values: Any) -> Any:
        """Return the first row of an answer."""
        return self.connection.execute(statement, values).fetchone()

    def last_line(self) -> str:
        """Return what its processes printed last."""
        lines = self._log.read_text(errors="replace").split("\n") if self._log.exists() else []
        return next((line.strip() for line in reversed(lines) if line.strip()), "no output")

    def end(self) -> None:
        """End all consumers, and who emits."""
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            try:
                process.wait(END_WITHIN)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    @property
    def _log(self) -> Path:
        return self.folder / "log"


@contextmanager
def running(
    name: str, python: str, consumers: tuple[str, ...], servers: Servers, apps: int, **env: str
) -> Iterator[Running]:
    """Run a peer's consumers, ready, on an empty database and broker, until the block ends.

    Raises RuntimeError where it does not come up.
    """
    folder = servers.state / f"peer-{name}"
    folder.mkdir(exist_ok=True)
    addresses = {"PEER_DATABASE": servers.empty(f"peer_{name}"), "PEER_BROKER": servers.broker}
    environment = {**os.environ, **addresses, "PEER_APPS": str(apps), **env}
    environment |= {"PYTHONPATH": os.pathsep.join([str(folder), str(PROJECT)])}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    with closing(psycopg.connect(addresses["PEER_DATABASE"], autocommit=True)) as connection:
        connection.execute(job.TABLES)
        peer = Running(name, python, consumers, folder, environment, connection)
        try:
            peer.run("setup")
            for consumer in consumers:
                peer.consume(consumer)
            peer.wait_until_ready()
            yield peer
        finally:
            peer.end()


def worked() -> float:
    """Return the processor seconds of all processes below this one, ended ones included."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return cpu_seconds_below() + ended.ru_utime + ended.ru_stime
