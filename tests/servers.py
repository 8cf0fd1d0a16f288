"""pytest plugin: the real embedded PostgreSQL and Valkey, in a folder of this run's own.

Loaded with `-p tests.servers`, before Django reads its settings. With
DATABASE_URL or BROKER_URL set, that server is used instead.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg
import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from devtools.embedded import database_url, write_environment

STATE = Path(tempfile.mkdtemp(prefix="shop-test-"))
os.environ["SHOP_STATE"] = str(STATE)
os.environ.setdefault("LOG_LEVEL", "WARNING")
# Packing has tests of its own; the others need not wait for it.
os.environ.setdefault("PACKING_TIME", "0")
# The bridges whose tables and pages are tested here. A process that a test starts has none unless
# it says so, see `pytest_configure` in `tests.conftest`.
os.environ.setdefault("BRIDGES", "webhooks")
# Under root PostgreSQL has an account of its own and must be able to get through.
STATE.chmod(0o711)
write_environment(STATE, ("postgres", "valkey"))
# Whitenoise warns at each request when there are no collected files.
(STATE / "static").mkdir()

_processes: list[subprocess.Popen] = []


#: The tests of a folder in here share a real system.
SYSTEM = "tests/system/"
BROKERS = ("valkey", "rabbitmq")
#: Folders whose tests share one for each of these parameters or files.
SYSTEMS = {
    "bench": ("throughput", "rabbitmq", "memory", "relay", "peers", "history"),
    "brokers": BROKERS,
    "chaos": BROKERS,
    "hosts": ("test_partitions", "test_failover", "test_vanished"),
}


class ByFolder(LoadScopeScheduling):
    """Hands out whole what shares a system.

    xdist's own groups have no effect with pytest 9.2 (pytest-xdist issue 1386).
    """

    def _split_scope(self, nodeid: str) -> str:
        if not nodeid.startswith(SYSTEM):
            return nodeid
        folder = Path(nodeid.partition("::")[0]).parent.name
        systems = SYSTEMS.get(folder, ())
        words = re.split(r"\W+", nodeid)
        return f"{folder} {next((word for word in words if word in systems), '')}"


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByFolder | None:
    return ByFolder(config, log) if config.getvalue("dist") == "loadscope" else None


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    if session.config.option.collectonly or _only_distributes(session.config):
        return
    from devtools.embedded import postgres, valkey
    from devtools.waiting import wait_until

    servers = {"postgres": (postgres, "DATABASE_URL"), "valkey": (valkey, "BROKER_URL")}
    wanted = {n: m for n, (m, variable) in servers.items() if not os.environ.get(variable)}
    for name in wanted:
        _start(name)
    for name, module in wanted.items():
        wait_until(lambda module=module: module.answers(STATE), 120, name)
    if "postgres" in wanted:
        postgres.create_database(STATE)
        _outlive_no_power_cut()


def _outlive_no_power_cut() -> None:
    """Let PostgreSQL not wait for the disk."""
    with psycopg.connect(database_url(STATE), autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")


def _only_distributes(config: pytest.Config) -> bool:
    """Return whether other processes, each with servers of its own, run the tests of this one."""
    return bool(getattr(config.option, "numprocesses", None)) and not hasattr(config, "workerinput")


def _start(name: str) -> None:
    with (STATE / f"{name}.log").open("w") as log:
        command = [sys.executable, "-m", "devtools.embedded", name]
        _processes.append(subprocess.Popen(command, stdout=log, stderr=log))


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    for process in _processes:
        process.send_signal(subprocess.signal.SIGINT)
    for process in _processes:
        process.wait(20)
    shutil.rmtree(STATE, ignore_errors=True)
