"""Programs of the bus, forked from a process that has imported them, as those of `make run` are.

It is asked for each by a line of JSON, and answers with the id of its process.
"""

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path

from devtools.run import forked
from devtools.system import PROJECT
from devtools.waiting import wait_until
from shop.process_tree import end_with_parent


@dataclass(frozen=True)
class Program:
    """A program that was forked. Its exit code stands in a file once it has ended."""

    pid: int
    exit_code: Path

    def poll(self) -> int | None:
        """Return its exit code; None while it runs."""
        return int(self.exit_code.read_text()) if self.exit_code.exists() else None

    def wait(self, within: float) -> int:
        """Return its exit code once it has ended. Raises TimeoutError."""
        wait_until(lambda: self.poll() is not None, within, f"process {self.pid} has ended")
        return self.poll() or 0

    def send_signal(self, number: signal.Signals) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class Forking:
    """The process that forks. `env` is what it and its programs have."""

    def __init__(self, env: Mapping[str, str], folder: Path) -> None:
        self.env = dict(env)
        self._folder, self._numbers = folder, count(1)
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__],
            cwd=PROJECT,
            env=self.env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
            preexec_fn=end_with_parent,
        )

    def run(self, log: Path, *arguments: str) -> Program:
        """Fork a program that appends to `log` what it prints."""
        exit_code = self._folder / f"exit-code-{next(self._numbers)}"
        assert self._process.stdin
        assert self._process.stdout
        print(json.dumps([arguments, str(log), str(exit_code)]), file=self._process.stdin)
        return Program(json.loads(self._process.stdout.readline()), exit_code)

    def end(self) -> None:
        """End it. Its programs end with it."""
        self._process.kill()
        self._process.communicate()


def main() -> None:
    """Fork what is asked for, and write down how it ends, until nobody asks any more."""
    forked.preload(forked.OF_THE_BUS)
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    running: dict[int, Path] = {}
    while True:
        readable, _, _ = select.select([sys.stdin, woken], [], [])
        if woken in readable:
            os.read(woken, 1024)
            _reap(running)
        if sys.stdin in readable:
            asked = sys.stdin.readline()
            if not asked:
                return
            arguments, log, exit_code = json.loads(asked)
            pid = forked.fork(partial(_become, arguments, log))
            running[pid] = Path(exit_code)
            print(pid, flush=True)  # noqa: T201 the answer


def _reap(running: dict[int, Path]) -> None:
    while running:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if not pid:
            return
        file = running.pop(pid)
        half_written = file.with_suffix(".new")
        half_written.write_text(str(os.waitstatus_to_exitcode(status)))
        half_written.rename(file)


def _become(arguments: list[str], log: str) -> None:
    signal.set_wakeup_fd(-1)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    forked.print_to(os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644))
    forked.run(arguments)


if __name__ == "__main__":
    main()
