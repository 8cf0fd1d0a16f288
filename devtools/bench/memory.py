"""The memory of the whole shop at rest: every process's share, as the kernel counts it (PSS)."""

import sys
import time
from typing import Any

import psutil

from devtools.system import System


def measure(system: System, rest: float) -> dict[str, Any]:
    """Let a new system rest for so many seconds; returns MB by program, and the sum."""
    print(f"memory: {rest:g} s of rest", file=sys.stderr)  # noqa: T201 progress
    time.sleep(rest)
    programs = _programs(system)
    return {"programs": programs, "mb": sum(programs.values())}


def _programs(system: System) -> dict[str, float]:
    """Return the megabytes of each program, its processes together, and of what runs them."""
    programs = {name: _mb(psutil.Process(pid)) for name, pid in system.pids().items()}
    everything = sum(_mb(process) for process in psutil.Process().children())
    return programs | {"supervisord": everything - sum(programs.values())}


def _mb(process: psutil.Process) -> float:
    processes = [process, *process.children(recursive=True)]
    return sum(map(_pss, processes)) / 1e6


def _pss(process: psutil.Process) -> int:
    try:
        return int(process.memory_full_info().pss)
    except psutil.NoSuchProcess:
        # It has ended meanwhile, such as a session of PostgreSQL.
        return 0


def table(result: dict[str, Any]) -> str:
    """Return the figures for people."""
    lines = [f"{name:13} {mb:6.1f} MB" for name, mb in _by_size(result)]
    return "\n".join([*lines, f"{'all':13} {result['mb']:6.1f} MB at rest"])


def _by_size(result: dict[str, Any]) -> list[tuple[str, float]]:
    return sorted(result["programs"].items(), key=lambda program: -program[1])
