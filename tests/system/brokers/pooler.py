"""A private pgbouncer that gives out connections by transaction."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psycopg
import pytest

from devtools.embedded.account import ACCOUNT
from devtools.system import free_ports, temporary_state
from devtools.waiting import wait_until
from shop.process_tree import end_with_parent

MISSING = "pgbouncer is missing: apt-get install pgbouncer"
READY_WITHIN = 120


def program() -> str:
    """Find pgbouncer. Where tests must run (CI is set) its absence is an error."""
    found = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
    if found is None and os.environ.get("CI"):
        pytest.fail(MISSING)
    return found or pytest.skip(MISSING)


@contextmanager
def running_pooler(database_url: str) -> Iterator[str]:
    """A pooler before a PostgreSQL; gives the address of the same database through it."""
    with temporary_state() as folder:
        (port,) = free_ports(1)
        configuration = folder / "pgbouncer.ini"
        configuration.write_text(_configuration(database_url, port))
        url = f"postgresql://{_user(database_url)}@127.0.0.1:{port}{urlsplit(database_url).path}"
        process = _start(program(), configuration)
        try:
            wait_until(lambda: _answers(url), READY_WITHIN, "pgbouncer")
            yield url
        finally:
            process.kill()
            process.wait()


def _configuration(database_url: str, port: int) -> str:
    parameters = psycopg.conninfo.conninfo_to_dict(database_url)
    del parameters["dbname"]
    target = " ".join(f"{name}={value}" for name, value in parameters.items())
    return f"""
[databases]
* = {target}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 4
max_client_conn = 200
"""


def _start(program: str, configuration: Path) -> subprocess.Popen[bytes]:
    # It will not run as root either, and only PostgreSQL's account gets at its socket.
    as_account = ["-u", ACCOUNT] if os.geteuid() == 0 else []
    with (configuration.parent / "output").open("wb") as output:
        return subprocess.Popen(
            [program, *as_account, str(configuration)],
            stdout=output,
            stderr=output,
            preexec_fn=end_with_parent,
        )


def _user(database_url: str) -> str:
    return unquote(urlsplit(database_url).username or "postgres")


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True
