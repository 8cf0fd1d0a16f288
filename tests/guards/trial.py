"""A copy of the project in which guards are taken out, and the tests that are run there."""

import os
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
    ".git", "var", ".venv", "venv", "node_modules", "test-output", "__pycache__", ".*_cache"
)
ONLY_SERVERS = ",".join(["web", "flower", "demo", "relay", *REACTING_APPS])
#: Seconds that the tests of one guard may take.
PATIENCE = 900
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

    def passes(self, tests: Sequence[str]) -> bool:
        """Return whether these tests are green. Raises `CannotRun`."""
        database = "--reuse-db" if self._database_is_fresh else "--create-db"
        options = ["-q", "-x", "-p", "no:cacheprovider", "--hypothesis-profile=thorough", database]
        command = [sys.executable, "-m", "pytest", *options]
        ended = subprocess.run(
            [*command, *tests],
            cwd=self._project,
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        self.output = ended.stdout + ended.stderr
        if ended.returncode not in (GREEN, RED):
            raise CannotRun(self.output)
        self._database_is_fresh = True
        return ended.returncode == GREEN

    def silent(self, guard: Guard) -> list[str]:
        """Those of the guard's tests that do not tell when it is taken out."""
        changes_database = "/migrations/" in guard.file
        self._database_is_fresh &= not changes_database
        with guard.taken_out(self._project):
            silent = [test for test in guard.tests if self.passes([test])]
        self._database_is_fresh &= not changes_database
        return silent


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
