"""What all real systems of the tests begin with."""

import fcntl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from devtools.bench.isolated_run import NOTHING_ELSE
from devtools.embedded import database_url
from devtools.system import TEMPLATE, running_system, temporary_state

HERE = Path(__file__).parent
#: The folders, what takes longest first: at the end nobody is to wait for it.
LONGEST_FIRST = (
    *("processes", "brokers", "bench", "chaos", "hosts", "browser"),
    *("rides", "new_app", "run", "webhooks", "bridges", "replay", "standalone", "contracts"),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that take real systems, and have them begin before all others."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker("system")
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    if not item.path.is_relative_to(HERE):
        return len(LONGEST_FIRST)
    return LONGEST_FIRST.index(item.path.relative_to(HERE).parts[0])


@pytest.fixture(scope="session")
def database_template(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[None]:
    """Every new system begins with a database that is up to date, made once for all workers."""
    own = tmp_path_factory.getbasetemp()
    folder = (own if worker_id == "master" else own.parent) / "template"
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            _make(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(TEMPLATE, str(folder))
        yield


def _make(folder: Path) -> None:
    with temporary_state() as state:
        with (
            running_system(state, SHOP_RUN_EXCLUDE=NOTHING_ELSE),
            psycopg.connect(database_url(state), autocommit=True) as connection,
        ):
            # No test cuts the power. What is committed outlives a killed server all the same.
            connection.execute("alter system set fsync = off")
            # It ends the sooner, and in good order.
            connection.execute("checkpoint")
        half_made = folder.with_suffix(".new")
        half_made.mkdir()
        subprocess.run(["cp", "-Rp", str(state / "postgres"), str(half_made)], check=True)
        half_made.rename(folder)
