"""Bring database, topology, demo data and static files up to date, in one process forked for it."""

import os
import signal
import sys
import time
from collections.abc import Iterable
from functools import partial
from pathlib import Path

import psutil
from django.core.management import call_command

from devtools.run import forked

STEPS = {
    "migrate": {"interactive": False},
    "declare_topology": {},
    "load_demo": {},
    "collectstatic": {"interactive": False},
}


class SetupSteps:
    """Steps that wait in a child, forked while no thread runs, until the servers are there."""

    def __init__(self, log: Path, without: Iterable[str]) -> None:
        """`without` names commands to leave out. What is printed is appended to `log`."""
        waiting, self._begin = os.pipe()
        steps = [step for step in STEPS if step not in without]
        with log.open("ab") as file:
            waits = partial(_run_when_told, steps, file.fileno(), waiting, self._begin)
            self._pid = forked.fork(waits)
        os.close(waiting)

    def run(self, within: float) -> int:
        """Run them; returns the exit code. Raises psutil.TimeoutExpired, and kills them, too late.

        `within`: seconds.
        """
        process = psutil.Process(self._pid)
        os.write(self._begin, b"\n")
        os.close(self._begin)
        try:
            return int(process.wait(within) or 0)
        except psutil.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            raise


def _run_when_told(steps: list[str], log: int, waiting: int, told: int) -> None:
    # In a group of its own Ctrl-C reaches only `make run`, which ends everything in order.
    os.setpgid(0, 0)
    os.close(told)
    forked.print_to(log)
    if not os.read(waiting, 1):
        return
    for command in steps:
        began = time.monotonic()
        call_command(command, verbosity=0, **STEPS[command])
        sys.stdout.write(f"{command}: {time.monotonic() - began:.1f} s\n")
