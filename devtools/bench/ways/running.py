"""One system in which every way can run: the shop's relay and workers, and naive workers."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import psutil
import psycopg

from devtools.embedded import database_url
from devtools.system import PROJECT, System, running_system, temporary_state
from devtools.waiting import wait_until
from shop import process_tree
from shop.settings import REACTING_APPS

#: The shop's own way first; each runs the same reactions.
WAYS = ("choreography", "naive", "synchronous")
QUICK = {"PACKING_TIME": "0", "CARRIER_TRANSIT": "0", "LOG_LEVEL": "WARNING"}
#: What a naive worker prints once it takes messages.
READY = "ready for messages"
#: Seconds in which a naive worker is ready, on a machine busy with other things.
READY_WITHIN = 180
#: Seconds that it has to end in good order.
END_WITHIN = 20
#: Seconds until processes with nothing to do are met outside of a transaction.
AT_REST_WITHIN = 60
#: The programs of the shop's own way.
PROGRAMS = (*REACTING_APPS, "relay")

_IN_TRANSACTION = """
    select exists (
        select from pg_stat_activity where backend_type = 'client backend'
        and state <> 'idle' and pid <> pg_backend_pid()
    )
"""


@dataclass(frozen=True)
class Ways:
    """All ways in one system. While one is measured the processes of the others are suspended."""

    system: System
    naive: list[psutil.Process]

    @contextmanager
    def alone(self, way: str, orders: int) -> Iterator[System]:
        """Have one way run alone, warm: so many orders have ended since it was suspended."""
        with ExitStack() as stack:
            for pids in (pids for other, pids in self._pids().items() if other != way):
                stack.enter_context(self._suspended(pids))
            if orders:
                place(self.system, way, orders, 1)
            yield self.system

    def _pids(self) -> dict[str, list[int]]:
        running = self.system.pids()
        return {
            "choreography": [running[name] for name in PROGRAMS],
            "naive": [worker.pid for worker in self.naive],
        }

    @contextmanager
    def _suspended(self, pids: list[int]) -> Iterator[None]:
        """Suspend processes and their children where none is within a transaction."""
        parents = [psutil.Process(pid) for pid in pids]
        processes = [
            each for parent in parents for each in (parent, *parent.children(recursive=True))
        ]
        wait_until(partial(self._suspend, processes), AT_REST_WITHIN, "the other ways at rest")
        try:
            yield
        finally:
            _resume(processes)

    def _suspend(self, processes: list[psutil.Process]) -> bool:
        for process in processes:
            process.suspend()
        if not self._is_in_transaction():
            return True
        _resume(processes)
        return False

    def _is_in_transaction(self) -> bool:
        with psycopg.connect(database_url(self.system.state), autocommit=True) as connection:
            found = connection.execute(_IN_TRANSACTION).fetchone()
        return bool(found and found[0])


@contextmanager
def running_ways(**env: str) -> Iterator[Ways]:
    """Run relay and workers of the shop, and on the same servers a naive worker for each app."""
    with (
        temporary_state() as state,
        running_system(state, SHOP_RUN_EXCLUDE="web,flower,demo", **QUICK, **env) as system,
        _naive_workers(system) as workers,
    ):
        yield Ways(system, workers)


def place(system: System, way: str, orders: int, lines: int, *flags: str) -> dict[str, Any]:
    """Place orders in a process of its own; returns what it measured. See `load`."""
    command = [sys.executable, "-m", "devtools.bench.load", str(orders), str(lines), "--way", way]
    run = subprocess.run(
        [*command, *flags],
        cwd=PROJECT,
        env=system.env,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return json.loads(run.stdout)


@contextmanager
def _naive_workers(system: System) -> Iterator[list[psutil.Process]]:
    """Run a naive worker for each app, ready, until the block ends."""
    program = subprocess.Popen(
        [sys.executable, "-m", "devtools.bench.ways.naive_workers"],
        cwd=PROJECT,
        env=system.env,
        preexec_fn=process_tree.end_with_parent,
    )
    try:
        for app in REACTING_APPS:
            wait_until(
                partial(_is_ready, naive_log(app, system.state)), READY_WITHIN, f"naive {app}"
            )
        yield psutil.Process(program.pid).children()
    finally:
        _end(program)


def _resume(processes: list[psutil.Process]) -> None:
    for process in processes:
        process.resume()


def _end(program: subprocess.Popen[bytes]) -> None:
    workers = psutil.Process(program.pid).children()
    for worker in workers:
        worker.terminate()
    _, stubborn = psutil.wait_procs(workers, END_WITHIN)
    for worker in stubborn:
        with suppress(psutil.NoSuchProcess):
            worker.kill()
    program.wait()


def _is_ready(log: Path) -> bool:
    return log.exists() and READY in log.read_text()


def naive_log(app: str, state: Path) -> Path:
    """Return where an app's naive worker in the system of this state folder logs."""
    return state / "log" / f"naive-{app}.log"
