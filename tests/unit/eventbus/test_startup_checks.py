"""A program that cannot work does not start, and says why in one line."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from devtools.system import PROJECT
from tests.databases import own_database

RELAY = ("manage.py", "relay")
WORKER = ("-m", "celery", "-q", "-A", "billing", "worker", "--concurrency", "1")
WEB = ("-m", "uvicorn", "shop.asgi:application", "--lifespan", "on", "--uds", "web.sock")
NOWHERE = "postgresql://nobody@127.0.0.1:1/none"


@pytest.fixture
def empty() -> Iterator[str]:
    """A database without any table."""
    with own_database("nothing_yet") as address:
        yield address


def refusals(*programs: tuple[str, ...], database: str) -> list[str]:
    """Start programs side by side that end by themselves; returns why each did not start."""
    return [_refusal(started) for started in [_start(program, database) for program in programs]]


def _start(program: tuple[str, ...], database: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", *program],
        cwd=PROJECT,
        env=os.environ | {"DATABASE_URL": database, "BROKER_URL": "redis://127.0.0.1:1/0"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _refusal(started: subprocess.Popen[str]) -> str:
    said, _ = started.communicate(timeout=60)
    assert started.returncode == 1, said
    (line,) = [line for line in said.splitlines() if "not started" in line]
    assert "Traceback" not in said
    return line


def test_without_a_database_nothing_starts_that_needs_it():
    for line in refusals(RELAY, WORKER, database=NOWHERE):
        assert "the database is away: connection failed" in line


def test_a_database_that_lacks_migrations_is_refused(empty):
    for line in refusals(RELAY, WORKER, WEB, database=empty):
        assert "the database lacks " in line
        assert " more; run: python manage.py migrate" in line
