"""Flame graphs of a worker's child, its Celery parent and the relay, while orders settle."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil

from devtools.bench.ways.running import Ways, place
from devtools.system import PROJECT, System

#: Of whose worker: the app whose reactions take longest, and the one that has the most.
CHILD_OF, PARENT_OF = "notifications", "analytics"
#: Where they go when there is no report.
FOLDER = PROJECT / "var" / "bench" / "profiles"
SAMPLES_A_SECOND = 100


def measure(ways: Ways, seconds: int, orders: int, lines: int, folder: Path) -> dict[str, Any]:
    """Sample for so many seconds while orders are placed; returns the drawings' paths by process.

    Nothing where py-spy is missing.
    """
    if not _py_spy().exists():
        print("no py-spy: pip install -r requirements-dev.txt", file=sys.stderr)  # noqa: T201
        return {}
    folder.mkdir(parents=True, exist_ok=True)
    with ways.alone("choreography", orders // 10) as system:
        recorders = {name: _record(pid, seconds, folder / name) for name, pid in _targets(system)}
        while any(recorder.poll() is None for recorder in recorders.values()):
            place(system, "choreography", orders, lines)
    # It draws where the process that it looked at ended, too, and fails all the same.
    return {name: f"{name}.svg" for name in recorders if (folder / f"{name}.svg").exists()}


def _py_spy() -> Path:
    return Path(sys.executable).with_name("py-spy")


def _targets(system: System) -> Iterator[tuple[str, int]]:
    for child in psutil.Process(system.pid(CHILD_OF)).children():
        yield f"child-of-{CHILD_OF}", child.pid
    yield f"parent-of-{PARENT_OF}", system.pid(PARENT_OF)
    yield "relay", system.pid("relay")


def _record(pid: int, seconds: int, path: Path) -> subprocess.Popen[bytes]:
    drawing = path.with_suffix(".svg")
    drawing.unlink(missing_ok=True)
    sampling = ["--duration", str(seconds), "--rate", str(SAMPLES_A_SECOND), "--nonblocking"]
    command = [str(_py_spy()), "record", "--pid", str(pid), *sampling]
    output = ["--format", "flamegraph", "--output", str(drawing)]
    return subprocess.Popen([*command, *output], stdout=subprocess.DEVNULL, stderr=sys.stderr)


def table(result: dict[str, Any]) -> str:
    """Return where each drawing is."""
    return "\n".join(f"{name:24} {path}" for name, path in result.items())
