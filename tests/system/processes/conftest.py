"""A real system for the tests of this folder: servers, relay, web, a worker per app."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from devtools.embedded import database_url
from devtools.system import PROJECT, System, running_system, temporary_state
from devtools.waiting import wait_until
from tests.system.processes.collector import Collector, running_collector
from tests.system.short_times import SHORT_TIMES

#: Apps that a day without a cancelled order gives nothing to do.
IDLE = {"pricing"}
DAY = PROJECT / "tests" / "data" / "online-retail-2010-12-01.csv"


@pytest.fixture(scope="package")
def collector() -> Iterator[Collector]:
    """Collect the traces that the system sends."""
    with running_collector() as running:
        yield running


@pytest.fixture(scope="package")
def system(collector: Collector, database_template: None) -> Iterator[System]:
    """One system for all live tests; each leaves it as it found it, everything on."""
    traced = {"OTLP_ENDPOINT": collector.url, "OTEL_BSP_SCHEDULE_DELAY": "500"}
    with (
        temporary_state() as state,
        running_system(
            state, SHOP_RUN_EXCLUDE="demo", **traced, LOG_LEVEL="INFO", **SHORT_TIMES
        ) as running,
    ):
        yield running


@pytest.fixture(scope="package")
def morning(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first hours of a real trading day: 20 sales and a return."""
    return first_invoices(tmp_path_factory.mktemp("day") / "morning.csv", 20)


@pytest.fixture(scope="package")
def first_hour(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its beginning alone: eight sales."""
    return first_invoices(tmp_path_factory.mktemp("day") / "first_hour.csv", 8)


def first_invoices(target: Path, count: int) -> Path:
    """Write the lines of the day's first `count` invoices to `target`."""
    lines = DAY.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    invoices = list(dict.fromkeys(line.partition(",")[0] for line in lines[1:]))[:count]
    wanted = set(invoices)
    target.write_text(lines[0] + "".join(x for x in lines[1:] if x.partition(",")[0] in wanted))
    return target


@pytest.fixture(scope="package")
def replayed(system: System, morning: Path) -> dict:
    """A replay of that morning, for those who only look at what it has left."""
    return Replay(system, morning).result()


class Replay:
    """A replay under way."""

    def __init__(self, system: System, file: Path, *options: str) -> None:
        command = [sys.executable, "manage.py", "replay_orders", str(file), "--json", *options]
        self._process = subprocess.Popen(
            command,
            cwd=PROJECT,
            env=system.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def result(self) -> dict:
        """Its figures, once everything has settled."""
        out, err = self._process.communicate(timeout=600)
        assert self._process.returncode == 0, err
        return json.loads(out)


def rows(system: System, query: str, *values: object) -> list[tuple]:
    """Return what a query on the system's database gives, with these values in its places."""
    with psycopg.connect(database_url(system.state), autocommit=True) as connection:
        return connection.execute(query, values or None).fetchall()


def count(system: System, query: str) -> int:
    return rows(system, query)[0][0]


def wait_for(system: System, query: str, at_least: int, what: str, seconds: float = 180) -> None:
    """Wait until a counting query reaches a number."""
    wait_until(lambda: count(system, query) >= at_least, seconds, what)


def assert_audit_is_clean(system: System) -> None:
    audit = system.manage("audit", "--json")
    broken = [rule for rule in json.loads(audit.stdout)["rules"] if rule["violations"]]
    assert not broken
    assert audit.returncode == 0
