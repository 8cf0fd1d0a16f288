"""A copy of the project in which guards are taken out, and the tests that are run there."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from devtools.embedded import broker_url, database_url
from devtools.system import PROJECT, running_system, temporary_state
from shop.settings import REACTING_APPS
from tests.guards.guard import Guard

LEFT_BEHIND = shutil.ignore_patterns(
    ".git", "var", ".venv*", "venv", "node_modules", "test-output", "__pycache__", ".*_cache"
)
ONLY_SERVERS = ",".join(["web", "flower", "demo", "relay", *REACTING_APPS])
#: Seconds that the tests of one guard may take.
TIMEOUT = 900
#: How often a test that tells nothing is run by itself before it counts as silent.
TRIES = 2
#: A line of pytest's summary.
_FAILED = re.compile(r"^(?:FAILED|ERROR) ([^\s\[]+(?:\[.*\])?)(?: - .*)?$", re.MULTILINE)
#: How pytest ends when all is well, and when tests failed.
GREEN, RED = 0, 1


class CannotRun(Exception):
    """The tests did not come so far as to pass or fail."""


class Trial:
    """The copy; all runs share its two servers, and a database where no migration is changed."""

    def __init__(self, project: Path, environment: dict[str, str]) -> None:
        self._project = project
        self._environment = environment
        self._database_is_fresh = False
        #: What the tests printed that were run last.
        self.output = ""

    def failing(self, tests: Sequence[str]) -> list[str]:
        """Return those of these tests that fail beside the others, and once more alone."""
        if self.passes(tests, stop_at_first=False):
            return []
        return [test for test in (_failed(self.output) or tests) if not self.passes([test])]

    def passes(self, tests: Sequence[str], stop_at_first: bool = True) -> bool:
        """Return whether these tests are green. Raises `CannotRun`."""
        database = "--reuse-db" if self._database_is_fresh else "--create-db"
        options = ["-q", "-p", "no:cacheprovider", "--hypothesis-profile=thorough", database]
        options += ["-x"] if stop_at_first else []
        command = [sys.executable, "-m", "pytest", *options]
        ended = subprocess.run(
            [*command, *tests],
            cwd=self._project,
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
        )
        self.output = ended.stdout + ended.stderr
        if ended.returncode not in (GREEN, RED):
            raise CannotRun(self.output)
        self._database_is_fresh = True
        return ended.returncode == GREEN

    def silent(self, guard: Guard) -> list[str]:
        """Return those of the guard's tests that pass without it, each time of `TRIES`."""
        changes_database = "/migrations/" in guard.file
        self._database_is_fresh &= not changes_database
        with guard.taken_out(self._project):
            silent = [
                test for test in guard.tests if all(self.passes([test]) for _ in range(TRIES))
            ]
        self._database_is_fresh &= not changes_database
        return silent


def _failed(output: str) -> list[str]:
    """Return the tests that failed by pytest's summary, each once."""
    return list(dict.fromkeys(_FAILED.findall(output)))


@contextmanager
def trial() -> Iterator[Trial]:
    """A fresh copy of the project, with servers of its own."""
    with temporary_state() as folder:
        copy = folder / "project"
        shutil.copytree(PROJECT, copy, ignore=LEFT_BEHIND)
        with running_system(folder / "state", SHOP_RUN_EXCLUDE=ONLY_SERVERS) as system:
            state = system.state
            servers = {"DATABASE_URL": database_url(state), "BROKER_URL": broker_url(state)}
            yield Trial(copy, os.environ | servers)
