"""A primary, its standby, and an address that leads to one of them."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import psycopg

from devtools.chaos.proxy import Proxy
from devtools.embedded import database_url, make_run_folder, postgres, run_folder
from devtools.embedded.account import leave_root
from devtools.system import PROJECT, temporary_state
from devtools.waiting import wait_until
from shop.process_tree import end_with_parent

READY_WITHIN = 120


#: How to run something on a machine, and its address there; none: on this one's socket alone.
Place = tuple[tuple[str, ...], str]
HERE: Place = ((), "")


class Server:
    """A PostgreSQL on the socket of its folder, and at its place."""

    def __init__(self, state: Path, place: Place = HERE) -> None:
        self.state, self._place = state, place
        self.socket = run_folder(state) / "postgres" / ".s.PGSQL.5432"

    @property
    def url(self) -> str:
        """Return where it is found on any machine of this one."""
        return database_url(self.state)

    @contextmanager
    def running(self) -> Iterator[None]:
        within, address = self._place
        here, there = (
            ("devtools.embedded", "postgres"),
            ("tests.system.hosts.serving", "postgres", address),
        )
        with (self.state / "postgres.log").open("wb") as log:
            process = subprocess.Popen(
                [*within, sys.executable, "-m", *(there if address else here)],
                cwd=PROJECT,
                env=os.environ | {"SHOP_STATE": str(self.state)},
                stdout=log,
                stderr=log,
                preexec_fn=end_with_parent,
            )
            try:
                wait_until(lambda: postgres.answers(self.state), READY_WITHIN, "PostgreSQL")
                yield
            finally:
                process.kill()
                process.wait()

    def ask(self, *statements: str) -> Any:
        """The first value of the last one's answer, if it has any."""
        with psycopg.connect(self.url, dbname="postgres", autocommit=True) as connection:
            for statement in statements:
                cursor = connection.execute(statement)
            row = cursor.fetchone() if cursor.description else None
            return row and row[0]

    def allow_writing(self, yes: bool) -> None:
        value = "off" if yes else "on"
        self.ask(
            f"alter system set default_transaction_read_only = {value}", "select pg_reload_conf()"
        )
        wanted = "show default_transaction_read_only"
        wait_until(lambda: self.ask(wanted) == value, READY_WITHIN, "the setting is read")

    def wait_for(self, primary: "Server") -> None:
        """Return when this standby has all that was committed."""
        until = primary.ask("select pg_current_wal_lsn()")
        replayed = f"select pg_last_wal_replay_lsn() >= '{until}'"
        wait_until(lambda: self.ask(replayed), READY_WITHIN, "the standby has all")


class Databases:
    """The proxy leads to the primary, until `fail_over`."""

    def __init__(self, primary: Server, standby: Server, proxy: Proxy) -> None:
        self.primary, self._standby, self.proxy = primary, standby, proxy

    def wait_for_standby(self) -> None:
        self._standby.wait_for(self.primary)

    def fail_over(self) -> None:
        """The standby takes over, and the address with it; connections stay where they are."""
        self._standby.ask("select pg_promote()")
        self.primary = self._standby
        self.proxy.lead_to(self.primary.socket)


@contextmanager
def databases() -> Iterator[Databases]:
    with standing_by() as (primary, standby), Proxy(primary.socket) as proxy:
        yield Databases(primary, standby, proxy)


@contextmanager
def standing_by(first: Place = HERE, second: Place = HERE) -> Iterator[tuple[Server, Server]]:
    """A primary and its standby."""
    with ExitStack() as stack:
        primary, standby = (
            Server(stack.enter_context(temporary_state()), place) for place in (first, second)
        )
        stack.enter_context(primary.running())
        _copy(primary, standby.state)
        stack.enter_context(standby.running())
        yield primary, standby


def _copy(primary: Server, state: Path) -> None:
    """A standby's data, as it is made of a primary that runs."""
    folders = (make_run_folder(state) / "postgres", state.resolve() / "postgres")
    for folder in folders:
        folder.mkdir(mode=0o700)
    install = postgres.install_folder()
    program = [str(install / "bin" / "pg_basebackup"), "-U", "postgres", "-R", "-c", "fast"]
    source = ["-h", str(primary.socket.parent), "-D", str(folders[1] / "data")]
    subprocess.run(
        [*program, *source],
        check=True,
        cwd="/",
        preexec_fn=partial(leave_root, install, folders),
    )
