"""Programs beside those of the system: on the same servers, but of other code or clock."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil

from shop.process_tree import end_with_parent

#: Seconds that the programs have to end in good order.
END_WITHIN = 15


def web(port: int) -> list[str]:
    """Return the command of a web process, as Python runs it."""
    listening = ["uvicorn", "shop.asgi:application", "--port", str(port)]
    return [*listening, "--lifespan", "on", "--no-access-log"]


def worker(app: str, name: str) -> list[str]:
    """Return the command of an app's worker with a name of its own, as Python runs it."""
    quiet = ["--loglevel", "WARNING", "--without-gossip", "--without-mingle"]
    return ["celery", "-q", "-A", app, "worker", "-n", f"{name}@%h", "--concurrency", "1", *quiet]


@contextmanager
def running(
    tree: Path, env: dict[str, str], programs: Sequence[Sequence[str]], log: str
) -> Iterator[None]:
    """Run Python modules in a source tree for the length of the block; `log` names their file."""
    with (Path(env["SHOP_STATE"]) / "log" / f"{log}.log").open("ab") as output:
        processes = [
            subprocess.Popen(
                [sys.executable, "-m", *program],
                cwd=tree,
                env=os.environ | env,
                stdout=output,
                stderr=output,
                preexec_fn=end_with_parent,
            )
            for program in programs
        ]
    try:
        yield
    finally:
        _end([psutil.Process(process.pid) for process in processes])


def _end(processes: list[psutil.Process]) -> None:
    for process in processes:
        process.terminate()
    _, stubborn = psutil.wait_procs(processes, END_WITHIN)
    for process in stubborn:
        process.kill()
