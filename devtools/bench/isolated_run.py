"""Run a measurement alone: a process and an empty database of its own, nothing beside it."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from devtools.system import PROJECT, System, running_system, temporary_state
from shop.settings import REACTING_APPS

NOTHING_ELSE = ",".join(["web", "relay", "flower", "demo", *REACTING_APPS])


@contextmanager
def running_servers_alone() -> Iterator[System]:
    """Run database and broker, ready for the shop, and none of its programs."""
    with temporary_state() as state, running_system(state, SHOP_RUN_EXCLUDE=NOTHING_ELSE) as system:
        yield system


def run_isolated(module: str, *numbers: int, **settings: str) -> str:
    """Run a module below this folder with these arguments on servers of its own; see `run_in`."""
    with running_servers_alone() as system:
        return run_in(system, module, *numbers, **settings)


def run_in(system: System, module: str, *numbers: int, **settings: str) -> str:
    """Run a module below this folder with these arguments; returns what it prints, one JSON object.

    Raises CalledProcessError when it fails.
    """
    run = subprocess.run(
        [sys.executable, "-m", f"devtools.bench.{module}", *map(str, numbers)],
        cwd=PROJECT,
        env=system.env | {"LOG_LEVEL": "ERROR"} | settings,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return run.stdout
