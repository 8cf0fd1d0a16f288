"""Run a measurement alone: a process and an empty database of its own, nothing beside it."""

import subprocess
import sys

from devtools.system import PROJECT, running_system, temporary_state
from shop.settings import REACTING_APPS

NOTHING_ELSE = ",".join(["web", "relay", "flower", "demo", *REACTING_APPS])


def run_isolated(module: str, *numbers: int, **settings: str) -> str:
    """Run a module of this folder with these arguments; returns what it prints, one JSON object.

    Raises CalledProcessError when it fails.
    """
    with temporary_state() as state, running_system(state, SHOP_RUN_EXCLUDE=NOTHING_ELSE) as system:
        run = subprocess.run(
            [sys.executable, "-m", f"devtools.bench.{module}", *map(str, numbers)],
            cwd=PROJECT,
            env=system.env | {"LOG_LEVEL": "ERROR"} | settings,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
    return run.stdout
