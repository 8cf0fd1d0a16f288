"""Programs beside those of the system: on the same servers, but of other code or clock."""

import os
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


def relay() -> list[str]:
    """Return the command of a relay, as Python runs it."""
    return ["manage", "relay"]


class Programs:
    """Python modules that run in a source tree; `log` names the file of what they print."""

    def __init__(
        self, tree: Path, env: dict[str, str], programs: Sequence[Sequence[str]], log: str
    ) -> None:
        self._tree, self._env = tree, env
        self._log = Path(env["SHOP_STATE"]) / "log" / f"{log}.log"
        self._running = [(program, self._start(program)) for program in programs]

    def restart_dead(self) -> None:
        """Start again what has died, as whoever runs a worker must."""
        self._running = [
            (program, self._start(program) if process.poll() is not None else process)
            for program, process in self._running
        ]

    def end(self) -> None:
        """End them in good order."""
        _end([process for _, process in self._running])

    def _start(self, program: Sequence[str]) -> psutil.Popen:
        with self._log.open("ab") as output:
            return psutil.Popen(
                [sys.executable, "-m", *program],
                cwd=self._tree,
                env=os.environ | self._env,
                stdout=output,
                stderr=output,
                preexec_fn=end_with_parent,
            )


@contextmanager
def running(
    tree: Path, env: dict[str, str], programs: Sequence[Sequence[str]], log: str
) -> Iterator[Programs]:
    """Run programs for the length of the block."""
    started = Programs(tree, env, programs, log)
    try:
        yield started
    finally:
        started.end()


def _end(processes: list[psutil.Popen]) -> None:
    for process in processes:
        if process.poll() is None:
            process.terminate()
    _, stubborn = psutil.wait_procs(processes, END_WITHIN)
    for process in stubborn:
        process.kill()
