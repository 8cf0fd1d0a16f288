"""How long the processors work for something: what a busy machine leaves as it is."""

import time
from collections.abc import Callable
from pathlib import Path

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


def _here_and_there() -> float:
    return time.process_time() + work_of(connection.connection.info.backend_pid)
