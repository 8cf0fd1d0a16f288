"""Programs that are kept running, each with a log of its own, and ended by their process ids."""

import ctypes
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

#: Seconds a program may take to end before it is killed.
ENDS_WITHIN = 15.0
#: Seconds from the end of a program that nobody has ended to its next start.
RESTART_AFTER = 1.0
_PR_SET_PDEATHSIG = 1


@dataclass
class Program:
    """A program, and its process once it was started."""

    command: list[str]
    folder: Path
    environment: Mapping[str, str]
    #: it ends by itself, and is not started again
    once: bool
    process: subprocess.Popen[bytes] | None = None
    is_told_to_end: bool = False
    died_at: float | None = None

    @property
    def runs(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def tell_to_end(self, by: signal.Signals) -> None:
        """Send it a signal, if it runs and was not sent one."""
        if self.process and self.runs and not self.is_told_to_end:
            self.is_told_to_end = True
            self.process.send_signal(by)

    def may_start(self) -> bool:
        """Return whether it is to be started: one that was not stopped but died, in a moment."""
        if self.process is None:
            return True
        if self.runs or self.once:
            return False
        self.died_at = self.died_at or time.monotonic()
        return self.is_told_to_end or time.monotonic() - self.died_at > RESTART_AFTER


class Programs:
    """Programs by name. Those that die are started again, for as long as they are wanted.

    One with a file of its name in the folder `switches` is off.
    """

    def __init__(self, logs: Path, switches: Path) -> None:
        self._logs, self.switches = logs, switches
        self._programs: dict[str, Program] = {}
        for folder in (logs, switches):
            folder.mkdir(parents=True, exist_ok=True)

    def start(
        self,
        name: str,
        command: list[str],
        folder: Path,
        environment: Mapping[str, str],
        once: bool = False,
    ) -> None:
        """Start a program unless it is off, and keep it running unless it is to run `once`."""
        self._programs[name] = Program(command, folder, environment, once)
        self.keep()

    def keep(self) -> None:
        """Start again what has died, and start or stop what was switched; called now and then."""
        off = {file.name for file in self.switches.iterdir()}
        for name, program in self._programs.items():
            if name in off:
                program.tell_to_end(signal.SIGTERM)
            elif program.may_start():
                self._launch(name)

    def finish(self, name: str) -> int:
        """Wait for a program that ends by itself; returns its exit status."""
        process = self._programs[name].process
        assert process, "it was started"
        return process.wait()

    def log(self, name: str) -> str:
        """Return what a program has printed."""
        return self._file(name).read_text(encoding="utf-8", errors="replace")

    def end(self, *names: str, by: signal.Signals = signal.SIGTERM) -> None:
        """End programs, those of them that there are, and return when they have ended."""
        programs = [self._programs.pop(name) for name in names if name in self._programs]
        for program in programs:
            program.tell_to_end(by)
        give_up = time.monotonic() + ENDS_WITHIN
        for process in [program.process for program in programs if program.process]:
            try:
                process.wait(max(give_up - time.monotonic(), 0))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    @property
    def names(self) -> list[str]:
        """Return the programs that were started and not ended."""
        return list(self._programs)

    def _launch(self, name: str) -> None:
        program = self._programs[name]
        program.is_told_to_end, program.died_at = False, None
        with self._file(name).open("ab") as log:
            program.process = subprocess.Popen(
                program.command,
                cwd=program.folder,
                env=program.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # Ctrl-C is for us, who end them in order.
                process_group=0,
                preexec_fn=_end_with_parent,
            )

    def _file(self, name: str) -> Path:
        return self._logs / f"{name}.log"


def _end_with_parent() -> None:
    """Have the kernel end this process with the one that started it, where that is Linux."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
