"""Start-up of a system: each step with a line of progress, or the reason why it failed."""

import time
from collections import defaultdict
from collections.abc import Callable, Collection

import psutil

from devtools.run.output import Output
from devtools.run.setup_steps import SetupSteps
from devtools.run.supervisor import Program, Supervisor
from shop.process_tree import lives

#: What the log of the setup steps is called.
SETUP_STEPS = "setup_steps"
#: How often a program may be started before it is said to die again and again.
STARTS = 3
#: Seconds between two rounds of questions; asking takes time from the programs that start.
INTERVAL = 0.2


class NotReady(Exception):
    """Programs do not come up; the logs of these names have the reason."""

    def __init__(self, names: Collection[str], reason: str) -> None:
        super().__init__(f"{', '.join(names)}: {reason}")
        self.names = names


class Startup:
    """Starts programs and waits until they do their work.

    All steps together may take `seconds`; every step raises NotReady.
    """

    def __init__(self, is_ready: Callable[[str], bool], seconds: float, output: Output) -> None:
        self._is_ready = is_ready
        self._output = output
        self._began = time.monotonic()
        self._seconds = seconds

    def start(self, supervisor: Supervisor, names: Collection[str]) -> None:
        """Start programs, and return when all are ready."""
        supervisor.start(names)
        missing = set(names)
        pids: dict[str, set[int]] = defaultdict(set)
        while missing := self._not_ready(supervisor.programs(), missing, pids):
            if not self._left():
                raise NotReady(sorted(missing), self._too_late())
            time.sleep(INTERVAL)

    def _not_ready(
        self, programs: dict[str, Program], names: set[str], pids: dict[str, set[int]]
    ) -> set[str]:
        """Return which of `names` are not ready; `pids` collects the ids they have run under."""
        missing = set()
        for name in sorted(names):
            pids[name].add(programs[name].pid)
            if len(pids[name] - {0}) > STARTS or programs[name].given_up:
                raise NotReady([name], "dies again and again")
            if programs[name].runs and self._is_ready(name):
                self._report(f"{name} is ready")
            else:
                missing.add(name)
        return missing

    def run_setup_steps(self, steps: SetupSteps) -> None:
        """Bring database, topology and demo data up to date."""
        try:
            code = steps.run(self._left())
        except psutil.TimeoutExpired as error:
            raise NotReady([SETUP_STEPS], self._too_late()) from error
        if code:
            raise NotReady([SETUP_STEPS], f"failed with code {code}")
        self._report("database, topology and data are up to date")

    def wait_for(self, supervisor: Supervisor, process: psutil.Process) -> None:
        """Wait for supervisord itself."""
        while not supervisor.answers():
            if not lives(process.pid) or not self._left():
                raise NotReady(["supervisord"], "does not start")
            time.sleep(INTERVAL)

    def _left(self) -> float:
        return max(0.0, self._began + self._seconds - time.monotonic())

    def _too_late(self) -> str:
        return f"not ready within {self._seconds:g} s"

    def _report(self, line: str) -> None:
        seconds = time.monotonic() - self._began
        self._output.say(f"{line} ({seconds:.1f} s)", "run")
