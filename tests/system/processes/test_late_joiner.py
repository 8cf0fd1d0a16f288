"""An app that joins late is fed the past, and its figures are made anew: kill -9 or not."""

import subprocess
import sys
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from devtools.embedded import database_url
from devtools.system import PROJECT, System
from devtools.waiting import wait_until
from tests.system.processes.conftest import Replay, assert_audit_is_clean, count, rows

FIGURES = "select name, granularity, start, dimension, currency, value from analytics_figure"
OPEN = """
    select count(*) from eventbus_delivery
    where app = 'analytics' and state in ('waiting', 'failed')
"""
SHADOW = "select to_regclass('rebuild_analytics.eventbus_repeated') is not null"
HELD = "select count(*) from eventbus_pause where app = 'analytics' and held_for = 'backfill'"


@pytest.fixture
def figures(system: System, replayed: dict) -> list[tuple]:
    """What analytics has counted; then it is as if it had never been there."""
    wait_until(lambda: not count(system, OPEN), 60, "analytics has counted all")
    found = sorted(rows(system, FIGURES))
    system.stop_program("analytics")
    with closing(psycopg.connect(database_url(system.state), autocommit=True)) as connection:
        connection.execute("truncate analytics_figure, analytics_cart")
        connection.execute("delete from eventbus_delivery where app = 'analytics'")
    system.start_program("analytics")
    return found


@pytest.fixture
def crash_at(system: System, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of crash points, for commands."""
    monkeypatch.setitem(system.env, "EVENTBUS_CRASH_AT", str(tmp_path))
    return tmp_path


def rebuild_killed_before_its_swap(system: System) -> None:
    """Kill a rebuild with -9 while somebody writes to the tables, for which it has to wait."""
    command = [sys.executable, "manage.py", "rebuild", "analytics"]
    with psycopg.connect(database_url(system.state)) as writer:
        writer.execute("lock table analytics_figure in row exclusive mode")
        rebuilding = subprocess.Popen(command, cwd=PROJECT, env=system.env)
        wait_until(lambda: count(system, SHADOW), 60, "it builds beside the live tables")
        rebuilding.kill()
        rebuilding.wait()


def test_killed_again_and_again_it_counts_each_event_once_and_so_does_a_rebuild(
    system, figures, crash_at, morning
):
    for step in ("worker.ran", "worker.committed"):
        (crash_at / step).touch()
        assert system.manage("backfill", "analytics").returncode == -9
        assert count(system, HELD) == 1
    assert "held" in system.manage("resume", "analytics").stderr
    fed = system.manage("backfill", "analytics")
    assert fed.returncode == 0, fed.stderr
    assert count(system, HELD) == 0
    wait_until(lambda: not count(system, OPEN), 60, "analytics has counted all")
    assert sorted(rows(system, FIGURES)) == figures

    rebuild_killed_before_its_swap(system)
    assert sorted(rows(system, FIGURES)) == figures
    orders = Replay(system, morning)
    rebuilt = system.manage("rebuild", "analytics")
    assert rebuilt.returncode == 0, rebuilt.stderr
    assert orders.result()["open"] == 0
    tried = system.manage("rebuild", "analytics", "--dry-run")
    assert "analytics_figure" in tried.stdout
    assert all(line.split()[3:] == ["0", "0"] for line in tried.stdout.splitlines() if "_" in line)
    assert_audit_is_clean(system)
