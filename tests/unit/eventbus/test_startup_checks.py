"""A program that cannot work does not start, and says why in one line."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from devtools.system import PROJECT
from tests.databases import own_database

RELAY = ["manage.py", "relay"]
WORKER = ["-m", "celery", "-q", "-A", "billing", "worker", "--concurrency", "1"]
WEB = ["-m", "uvicorn", "shop.asgi:application", "--lifespan", "on", "--uds", "web.sock"]

#: Seconds in which all have ended, on a machine busy with other tests.
WITHIN = 180
#: What is started without a database, and what with one that has no table.
STARTED = {"away": (RELAY, WORKER), "empty": (RELAY, WORKER, WEB)}
#: Forks programs as `make run` does, each with a file to print to, and prints how they ended.
FORK = """
import ast, os, sys
from django.conf import settings
from devtools.run.forked import preload
from devtools.run.supervisord import Options
from eventbus.messaging import startup_checks

def start(at, command, output):
    if pid := os.fork():
        return pid
    if at == "away":
        settings.DATABASES["default"].update(HOST="127.0.0.1", PORT=1)
        startup_checks.DATABASE_TIMEOUT = 1
    os.dup2(os.open(output, os.O_CREAT | os.O_WRONLY), 1)
    os.dup2(1, 2)
    Options().execve("/", ["python", *command], os.environ | {"SUPERVISOR_PROCESS_NAME": "it"})

preload()
started = [start(*program) for program in ast.literal_eval(sys.argv[1])]
print([os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in started])
"""


@pytest.fixture(scope="module")
def refusals(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """Start programs side by side that end by themselves: why each did not start.

    The ones without a database give it some time.
    """
    folder = tmp_path_factory.mktemp("said")
    programs = [
        (at, program, str(folder / f"{at}{number}"))
        for at, those in STARTED.items()
        for number, program in enumerate(those)
    ]
    with own_database("nothing_yet") as empty:
        _start(programs, empty)
    return {at: [_refusal(file) for file in sorted(folder.glob(f"{at}*"))] for at in STARTED}


def _start(programs: list[tuple[str, list[str], str]], database: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", FORK, str(programs)],
        cwd=PROJECT,
        env=os.environ | {"DATABASE_URL": database, "BROKER_URL": "redis://127.0.0.1:1/0"},
        stdout=subprocess.PIPE,
        text=True,
        timeout=WITHIN,
    )
    assert ended.stdout == f"{[1] * len(programs)}\n"


def _refusal(output: Path) -> str:
    said = output.read_text()
    assert "Traceback" not in said
    (line,) = [line for line in said.splitlines() if "not started" in line]
    return line


def test_without_a_database_nothing_starts_that_needs_it(refusals):
    for line in refusals["away"]:
        assert "the database is away: connection failed" in line


def test_a_database_that_lacks_migrations_is_refused(refusals):
    for line in refusals["empty"]:
        assert "the database lacks " in line
        assert " more; run: python manage.py migrate" in line
