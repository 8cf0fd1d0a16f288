"""A primary, its standby, and an address that leads to one of them."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import psycopg

from shop.chaos.proxy import Proxy
from shop.embedded import database_url, make_run_folder, postgres, run_folder
from shop.embedded.account import leave_root
from shop.run.family import end_with_parent
from shop.system import temporary_state
from shop.waiting import wait_until

READY_WITHIN = 60


class Server:
    """A PostgreSQL on the socket of its folder."""

    def __init__(self, state: Path) -> None:
        self.state = state
        self.socket = run_folder(state) / "postgres" / ".s.PGSQL.5432"

    @contextmanager
    def running(self) -> Iterator[None]:
        with (self.state / "postgres.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "shop.embedded", "postgres"],
                env={"SHOP_STATE": str(self.state), "PATH": "/usr/bin:/bin"},
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
        with psycopg.connect(
            database_url(self.state), dbname="postgres", autocommit=True
        ) as connection:
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


class Databases:
    """`address` leads to the primary, until `fail_over`."""

    def __init__(self, primary: Server, standby: Server, proxy: Proxy) -> None:
        self.primary, self._standby, self.proxy = primary, standby, proxy

    def wait_for_standby(self) -> None:
        """Return when the standby has all that was committed."""
        behind = "select pg_current_wal_lsn()"
        until = self.primary.ask(behind)
        replayed = f"select pg_last_wal_replay_lsn() >= '{until}'"
        wait_until(lambda: self._standby.ask(replayed), READY_WITHIN, "the standby has all")

    def fail_over(self) -> None:
        """The standby takes over, and the address with it; connections stay where they are."""
        self._standby.ask("select pg_promote()")
        self.primary = self._standby
        self.proxy.lead_to(self.primary.socket)


@contextmanager
def databases() -> Iterator[Databases]:
    with ExitStack() as stack:
        primary, standby = (Server(stack.enter_context(temporary_state())) for _ in range(2))
        stack.enter_context(primary.running())
        _copy(primary, standby.state)
        stack.enter_context(standby.running())
        yield Databases(primary, standby, stack.enter_context(Proxy(primary.socket)))


def _copy(primary: Server, state: Path) -> None:
    """A standby's data, as it is made of a primary that runs."""
    folders = (make_run_folder(state) / "postgres", state.resolve() / "postgres")
    for folder in folders:
        folder.mkdir(mode=0o700)
    install = postgres._install()
    program = [str(install / "bin" / "pg_basebackup"), "-U", "postgres", "-R", "-c", "fast"]
    source = ["-h", str(primary.socket.parent), "-D", str(folders[1] / "data")]
    subprocess.run(
        [*program, *source],
        check=True,
        cwd="/",
        preexec_fn=partial(leave_root, install, folders),
    )
