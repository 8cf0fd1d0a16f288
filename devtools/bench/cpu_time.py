"""Processor time: what a measurement costs, however busy the machine is."""

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil
from django.db import connection


def cpu_ms(of: Callable[[], object]) -> float:
    """Return the milliseconds of processor time that a call takes, here and in the database."""
    connection.ensure_connection()
    before = _here_and_there()
    of()
    return (_here_and_there() - before) * 1000


def cpu_seconds(process: int) -> float:
    """Return the seconds of processor time of a process since its start."""
    nanoseconds = Path(f"/proc/{process}/schedstat").read_text().split()[0]
    return int(nanoseconds) / 1e9


def cpu_seconds_below() -> float:
    """Return the seconds of processor time of all processes below this one that still run."""
    return _worked_by(psutil.Process().children(recursive=True))


def cpu_seconds_of_tree(process: int) -> float:
    """Return the seconds of processor time of a process and of all below it that still run."""
    root = psutil.Process(process)
    return _worked_by([root, *root.children(recursive=True)])


def _worked_by(processes: list[psutil.Process]) -> float:
    return sum(map(_worked, processes))


def _worked(process: psutil.Process) -> float:
    with suppress(psutil.NoSuchProcess):
        times = process.cpu_times()
        return times.user + times.system + times.children_user + times.children_system
    return 0.0


def _here_and_there() -> float:
    return time.process_time() + cpu_seconds(connection.connection.info.backend_pid)
