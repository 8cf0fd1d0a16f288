"""The system on three machines: web and relay; workers; database and broker."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from devtools.embedded import database_url, postgres, valkey
from devtools.system import (
    PROJECT,
    System,
    begin_with_template,
    starting_within,
    temporary_state,
)
from devtools.waiting import wait_until
from shop.settings import REACTING_APPS
from tests.system.hosts.network import Network, network
from tests.system.short_times import SHORT_TIMES

#: What the first machine runs, and what the second.
HERE = {
    "web": ",".join(["flower", "demo", *REACTING_APPS]),
    "workers": "web,relay,flower,demo",
}


@dataclass(frozen=True)
class Machines:
    """Three machines and the network between them."""

    network: Network
    web: System
    workers: System
    state: Path

    def count(self, query: str) -> int:
        """Run a counting query, on the servers' machine itself, which is never cut off."""
        with psycopg.connect(database_url(self.state), autocommit=True) as connection:
            return connection.execute(query).fetchall()[0][0]

    def wait_for(self, query: str, at_least: int, what: str, seconds: float = 240) -> None:
        wait_until(lambda: self.count(query) >= at_least, seconds, what)


@pytest.fixture(scope="package")
def machines(database_template: None) -> Iterator[Machines]:
    with ExitStack() as stack:
        try:
            made = stack.enter_context(network())
        except RuntimeError as reason:
            pytest.skip(f"needs the right to make network namespaces (root): {reason}")
        state = stack.enter_context(temporary_state())
        stack.enter_context(_servers(made, state))
        address = made.address("servers")
        env = SHORT_TIMES | {
            "DATABASE_URL": f"postgresql://postgres@{address}:5432/shop",
            "BROKER_URL": f"redis://{address}:6379/0",
        }
        starting = [
            stack.enter_context(
                starting_within(
                    made.within(machine),
                    stack.enter_context(temporary_state()) / "state",
                    SHOP_RUN_EXCLUDE=without,
                    **env,
                )
            )
            for machine, without in HERE.items()
        ]
        web, workers = (ready() for ready in starting)
        yield Machines(made, web, workers, state)


@contextmanager
def _servers(network: Network, state: Path) -> Iterator[None]:
    """Database and broker, on their machine's address."""
    begin_with_template(state)
    processes = [_serve(network, state, name) for name in ("postgres", "valkey")]
    try:
        wait_until(lambda: postgres.answers(state) and valkey.answers(state), 60, "servers")
        postgres.create_database(state)
        yield
    finally:
        for process in processes:
            process.send_signal(signal.SIGINT)
        for process in processes:
            process.wait(20)


def _serve(network: Network, state: Path, name: str) -> subprocess.Popen[bytes]:
    server = [sys.executable, "-m", "tests.system.hosts.serving", name, network.address("servers")]
    with (state / f"{name}.log").open("wb") as log:
        return subprocess.Popen(
            [*network.within("servers"), *server],
            cwd=PROJECT,
            env=os.environ | {"SHOP_STATE": str(state)},
            stdout=log,
            stderr=log,
        )
