"""How long the processors work for something: what a busy machine leaves as it is."""

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil
from django.db import connection


def work(of: Callable[[], object]) -> float:
    """Milliseconds of the processors' time, here and in the database, that a call takes."""
    connection.ensure_connection()
    before = _here_and_there()
    of()
    return (_here_and_there() - before) * 1000


def work_of(process: int) -> float:
    """Seconds that a process has worked since its start."""
    nanoseconds = Path(f"/proc/{process}/schedstat").read_text().split()[0]
    return int(nanoseconds) / 1e9


def work_of_all() -> float:
    """Seconds that all processes below this one have worked, but its own children that ended."""
    return sum(_worked(process) for process in psutil.Process().children(recursive=True))


def _worked(process: psutil.Process) -> float:
    with suppress(psutil.NoSuchProcess):
        times = process.cpu_times()
        return times.user + times.system + times.children_user + times.children_system
    return 0.0


def _here_and_there() -> float:
    return time.process_time() + work_of(connection.connection.info.backend_pid)
