"""`make run`: one system in a state folder, kept alive, and gone when it ends."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import psutil
import psycopg
import pytest
from django.conf import settings

from devtools.embedded import database_url
from devtools.system import PROJECT, System, running_system, temporary_state

APP = "shop"
#: Leaves the smallest system: the servers, a relay and one worker.
WITHOUT = ",".join(("web", "flower", "demo", *(set(settings.REACTING_APPS) - {APP})))


@pytest.fixture(scope="module")
def system(database_template: None) -> Iterator[System]:
    """A system that each test leaves as it was."""
    with temporary_state() as state, running_system(state, SHOP_RUN_EXCLUDE=WITHOUT) as system:
        yield system


@pytest.fixture
def mortal(database_template: None) -> Iterator[System]:
    """A system the test may end."""
    with temporary_state() as state, running_system(state, SHOP_RUN_EXCLUDE=WITHOUT) as system:
        yield system


def main_process(system: System) -> psutil.Process:
    return psutil.Process(int((system.state / "lock").read_text().split()[0]))


def test_whatever_dies_comes_back(system: System):
    before = system.pids()
    for name in before:
        system.restart(name)
    assert system.pids().keys() == before.keys() == {"postgres", "valkey", "relay", APP}
    assert not set(system.pids().values()) & set(before.values())


def test_processes_share_the_memory_of_what_they_import(system: System):
    servers = {system.pid("postgres"), system.pid("valkey")}
    main = main_process(system)
    family = [main, *main.children(recursive=True)]
    ours = [each for each in family if not servers & {each.pid, each.ppid()}]
    assert len(ours) == len([main, "supervisord", "relay", APP, "its child"])
    for process in ours:
        memory = process.memory_full_info()
        assert memory.uss < memory.rss / 3, process.name()


def test_one_app_can_be_switched_off_and_on(system: System):
    system.stop_program(APP)
    assert APP not in system.pids()
    system.start_program(APP)
    assert APP in system.pids()


def test_a_second_system_is_told_who_is_there(system: System):
    second = subprocess.run(
        [sys.executable, "-m", "devtools.run"],
        cwd=PROJECT,
        env=system.env,
        capture_output=True,
        text=True,
    )
    assert second.returncode == 1
    assert second.stderr == (
        f"already running: process {main_process(system).pid} serves {system.url} "
        f"from {system.state}\n"
    )


def test_no_file_that_is_kept_is_open_to_other_accounts(system: System):
    files = [path for path in system.state.rglob("*") if path.is_file() and not path.is_symlink()]
    # Pages are public, and what the system prints is kept by whoever started it.
    ours = {"static", "output"}
    kept = [path for path in files if not ours & set(path.relative_to(system.state).parts)]
    assert {path.parent.name for path in kept} >= {"log", "data"}
    assert not [path for path in kept if path.stat().st_mode & 0o077]


def test_the_databases_log_keeps_nothing_of_a_statement(system: System):
    marker = "Ada Lovelace, 12 St James's Square"
    with psycopg.connect(database_url(system.state), autocommit=True) as connection:
        for statement in ("select %s::int", "select 1 / 0 where %s <> ''", "selekt %s"):
            with pytest.raises(psycopg.Error):
                connection.execute(statement, [marker])
            with pytest.raises(psycopg.Error):
                psycopg.ClientCursor(connection).execute(statement, [marker])
    system.restart("postgres")
    assert "ready to accept connections" in system.log("postgres")
    assert "Lovelace" not in system.log("postgres")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_nothing_is_left_behind(mortal: System, number: signal.Signals):
    main = main_process(mortal)
    family = [main, *main.children(recursive=True)]
    os.kill(main.pid, number)
    _, left = psutil.wait_procs(family, timeout=60)
    assert left == []


def test_nothing_is_left_behind_when_the_process_manager_is_killed(mortal: System):
    main = main_process(mortal)
    family = [main, *main.children(recursive=True)]
    os.kill(int((mortal.state / "run" / "supervisord.pid").read_text()), signal.SIGKILL)
    _, left = psutil.wait_procs(family, timeout=60)
    assert left == []
    assert "supervisord: has ended" in (mortal.state / "output").read_text()
