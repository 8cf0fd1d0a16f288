"""The programs of `make run`, of which the tour breaks some."""

import os
import signal
import xmlrpc.client
from collections.abc import Callable, Iterable
from contextlib import suppress

from django.conf import settings

from devtools.embedded import run_folder
from devtools.run.supervisor import Program, Supervisor
from devtools.waiting import wait_until

#: What supervisord knows the broker and the experimenter by.
BROKER, EXPERIMENTER = "valkey", "tour"
#: Seconds in which a program starts or ends.
WITHIN = 30


class NotThere(Exception):
    """The process manager or a program does not answer: see the logs of `make run`."""


class Programs:
    """What supervisord runs. All of it raises `NotThere` when supervisord does not answer."""

    def __init__(self) -> None:
        self._supervisor = Supervisor(run_folder(settings.STATE))

    def running(self) -> dict[str, Program]:
        """Return the programs that run, by name."""
        try:
            return {p.name: p for p in self._supervisor.programs().values() if p.runs}
        except (OSError, xmlrpc.client.Error) as error:
            raise NotThere(f"the process manager does not answer: {error}") from error

    def apps(self) -> list[str]:
        """Return the apps whose workers run."""
        running = self.running()
        return [app for app in settings.WORKER_MODULES if app in running]

    def start_experimenter(self) -> None:
        """Start the program that does what the tour is asked, once its last run has ended."""
        wait_until(lambda: not self._is_up(EXPERIMENTER), WITHIN, "the end of the last experiment")
        self._order(self._supervisor.start, EXPERIMENTER)

    def stop(self, app: str) -> None:
        """Stop an app's worker; returns when it has ended."""
        self._order(self._supervisor.stop, app)
        wait_until(lambda: self._supervisor.have_stopped([app]), WITHIN, f"the end of {app}")

    def start(self, app: str) -> None:
        """Start an app's worker, unless it runs."""
        if not self._is_up(app):
            self._order(self._supervisor.start, app)
            wait_until(lambda: self._is_up(app), WITHIN, f"the start of {app}")

    def signal(self, name: str, number: signal.Signals) -> None:
        """Send a program's main process a signal, if it runs."""
        program = self.running().get(name)
        if program and program.pid:
            with suppress(ProcessLookupError):
                os.kill(program.pid, number)

    def _is_up(self, name: str) -> bool:
        return name in self.running()

    @staticmethod
    def _order(what: Callable[[Iterable[str]], None], name: str) -> None:
        try:
            what([name])
        except (OSError, KeyError, xmlrpc.client.Error) as error:
            raise NotThere(f"{name}: {error}") from error
