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


def refusal(program: tuple[str, ...], database: str) -> str:
    """What a program says that ends by itself, because it refuses to start."""
    ended = subprocess.run(
        [sys.executable, "-W", "ignore", *program],
        cwd=PROJECT,
        env=os.environ | {"DATABASE_URL": database, "BROKER_URL": "redis://127.0.0.1:1/0"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode == 1
    (line,) = [line for line in (ended.stdout + ended.stderr).splitlines() if "not started" in line]
    assert "Traceback" not in ended.stderr
    return line


@pytest.mark.parametrize("program", [RELAY, WORKER], ids=["relay", "worker"])
def test_without_a_database_nothing_starts_that_needs_it(program):
    assert "the database is away: connection failed" in refusal(program, NOWHERE)


@pytest.mark.parametrize("program", [RELAY, WORKER, WEB], ids=["relay", "worker", "web"])
def test_a_database_that_lacks_migrations_is_refused(program, empty):
    line = refusal(program, empty)
    assert "the database lacks " in line
    assert " more; run: python manage.py migrate" in line
