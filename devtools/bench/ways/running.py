"""One system in which every way can run: the shop's relay and workers, and naive workers."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from devtools.system import PROJECT, System, running_system, temporary_state
from devtools.waiting import wait_until
from shop.settings import REACTING_APPS

#: The shop's own way first; each runs the same reactions.
WAYS = ("choreography", "naive", "synchronous")
QUICK = {"PACKING_TIME": "0", "CARRIER_TRANSIT": "0", "LOG_LEVEL": "WARNING"}
#: Seconds in which a naive worker is ready, on a machine busy with other things.
READY_WITHIN = 180
#: Seconds that it has to end in good order.
END_WITHIN = 20


@contextmanager
def running_shop(**env: str) -> Iterator[System]:
    """Run the shop's relay and a worker per app, until the block ends."""
    with (
        temporary_state() as state,
        running_system(state, SHOP_RUN_EXCLUDE="web,flower,demo", **QUICK, **env) as system,
    ):
        yield system


@contextmanager
def running_ways(**env: str) -> Iterator[System]:
    """Run the shop, and on the same servers a naive worker for each app."""
    with running_shop(**env) as system:
        workers = [_naive_worker(app, system) for app in REACTING_APPS]
        try:
            for app in REACTING_APPS:
                wait_until(partial(_is_ready, _log(app, system)), READY_WITHIN, f"naive {app}")
            yield system
        finally:
            _end(workers)


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


def _naive_worker(app: str, system: System) -> subprocess.Popen:
    # As the shop's own workers go: on a busy machine others would go before one way only.
    command = [
        "nice",
        "-n",
        "10",
        sys.executable,
        "-m",
        "celery",
        "-A",
        "devtools.bench.ways.naive",
    ]
    options = ["worker", "-Q", f"naive.{app}", "-n", f"naive-{app}@%h", "--without-gossip"]
    with _log(app, system).open("w") as log:
        return subprocess.Popen(
            [*command, *options, "--without-mingle", "--loglevel", "INFO"],
            cwd=PROJECT,
            env=system.env | {"LOG_LEVEL": "INFO"},
            stdout=log,
            stderr=log,
        )


def _end(workers: list[subprocess.Popen]) -> None:
    for worker in workers:
        worker.terminate()
    for worker in workers:
        try:
            worker.wait(END_WITHIN)
        except subprocess.TimeoutExpired:
            worker.kill()


def _is_ready(log: Path) -> bool:
    return " ready" in log.read_text()


def _log(app: str, system: System) -> Path:
    return system.state / "log" / f"naive-{app}.log"
