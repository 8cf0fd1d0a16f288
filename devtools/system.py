"""A private system of its own servers and processes: for tests and measurements."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from devtools.embedded import run_folder
from devtools.run.readiness import Readiness
from devtools.run.supervisor import Supervisor
from devtools.waiting import wait_until
from shop.process_tree import end_with_parent

PROJECT = Path(__file__).resolve().parent.parent

#: Seconds a system may take to be ready, on a machine busy with other tests, and to end.
READY_WITHIN = 180
END_WITHIN = 15
#: Seconds programs may take to be ready again, or to end.
PROGRAM_WITHIN = 180
#: The variable that names a folder with a database for new systems to begin with.
TEMPLATE = "SHOP_TEMPLATE"
#: Settings of a system whose shoppers all come from one address.
ONE_ADDRESS = {
    "API_RATE": "1000000",
    "RATE_LIMITS": "order=1000000/60,checkout=1000000/60,cart=1000000/60",
    "MOST_UNPAID_ORDERS": "0",
}


@dataclass(frozen=True)
class System:
    """A running system. Programs go by the names in `supervisord.conf`; a worker by its app's."""

    state: Path
    env: dict[str, str]
    #: what stands before each command, as for another machine
    within: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        """Return the shop's address, with a slash at its end."""
        return f"http://127.0.0.1:{self.env['SHOP_PORT']}/"

    def manage(self, *args: str) -> subprocess.CompletedProcess[str]:
        """Run `manage.py` against this system; what it printed is in the result."""
        command = [*self.within, sys.executable, "manage.py", *args]
        return subprocess.run(command, cwd=PROJECT, env=self.env, capture_output=True, text=True)

    def pids(self) -> dict[str, int]:
        """Return the process id of every program that runs."""
        return {p.name: p.pid for p in self._supervisor.programs().values() if p.runs}

    def pid(self, name: str) -> int:
        """Return the process id of a program; KeyError if it does not run."""
        return self.pids()[name]

    def kill(self, name: str, number: signal.Signals = signal.SIGKILL) -> None:
        """Send a program's main process a signal. supervisord starts again what ends."""
        os.kill(self.pid(name), number)

    def restart(self, *names: str) -> None:
        """Kill programs with -9 and wait until their successors are ready."""
        running = self.pids()
        for name in names:
            self._is_ready.forget(name)
            os.kill(running[name], signal.SIGKILL)
        for name in names:
            self._wait_until_ready(name, other_than=running[name])

    def stop_program(self, *names: str) -> None:
        """Stop programs and wait until they have ended."""
        self._supervisor.stop(names)
        wait_until(
            lambda: self._supervisor.have_stopped(names), PROGRAM_WITHIN, f"{names} have ended"
        )

    def start_program(self, *names: str) -> None:
        """Start programs and wait until they are ready."""
        for name in names:
            self._is_ready.forget(name)
        self._supervisor.start(names)
        for name in names:
            self._wait_until_ready(name)

    def log(self, name: str) -> str:
        """Return what a program has printed."""
        return (self.state / "log" / f"{name}.log").read_text()

    def _wait_until_ready(self, name: str, other_than: int | None = None) -> None:
        def is_ready() -> bool:
            return self.pids().get(name, other_than) != other_than and self._is_ready(name)

        wait_until(is_ready, PROGRAM_WITHIN, name)

    @property
    def _supervisor(self) -> Supervisor:
        return Supervisor(run_folder(self.state))

    @property
    def _is_ready(self) -> Readiness:
        flower = f"http://127.0.0.1:{self.env['FLOWER_PORT']}/"
        return Readiness(self.state, {"web": self.url, "flower": flower})


@contextmanager
def temporary_state() -> Iterator[Path]:
    """Make a state folder for the length of the block.

    Not pytest's `tmp_path`: a second pytest of the same user takes away again the permission
    to pass through it, which PostgreSQL's account needs under root.
    """
    with TemporaryDirectory(prefix="shop-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@contextmanager
def running_system(state: Path, /, **env: str) -> Iterator[System]:
    """Run `make run` in a state folder and on ports of its own, ready, until the block ends.

    `env`: further environment variables, as SHOP_RUN_EXCLUDE="flower,demo" to be ready sooner.
    Raises RuntimeError, with the output, if it does not become ready.
    """
    with running_within((), state, **env) as system:
        yield system


@contextmanager
def running_within(within: tuple[str, ...], state: Path, /, **env: str) -> Iterator[System]:
    """Do the same by the command `within`: elsewhere, as in a network of its own."""
    with starting_within(within, state, **env) as ready:
        yield ready()


@contextmanager
def starting_within(
    within: tuple[str, ...], state: Path, /, **env: str
) -> Iterator[Callable[[], System]]:
    """Do the same, but yield at once what waits until it is ready: several start side by side."""
    shop_port, flower_port = free_ports(2)
    private = {"SHOP_STATE": str(state), "DATABASE_URL": "", "BROKER_URL": ""}
    private |= {"SHOP_PORT": str(shop_port), "FLOWER_PORT": str(flower_port)}
    # What is measured or tried out is not audited beside it.
    usual = {"SHOP_READY_WITHIN": str(READY_WITHIN), "AUDIT_EVERY": "0"}
    environment = os.environ | private | usual | env
    state.mkdir(parents=True, exist_ok=True)
    if not environment["DATABASE_URL"]:
        begin_with_template(state)
    output = state / "output"
    process = _start(within, environment, output)

    def ready() -> System:
        _wait_until_ready(process, output)
        return System(state.resolve(), environment, within)

    try:
        yield ready
    finally:
        _end(process)


def begin_with_template(state: Path) -> None:
    """Give a new state folder a copy of the database that `TEMPLATE` names, where it names one."""
    template = os.environ.get(TEMPLATE)
    if template and not (state / "postgres").exists():
        # Unlike shutil it keeps the owner, who under root is PostgreSQL's account.
        subprocess.run(["cp", "-Rp", f"{template}/postgres", str(state)], check=True)


def _start(
    within: tuple[str, ...], environment: dict[str, str], output: Path
) -> subprocess.Popen[bytes]:
    command = [*within, sys.executable, "-m", "devtools.run"]
    with output.open("wb") as file:
        return subprocess.Popen(
            command,
            cwd=PROJECT,
            env=environment,
            stdout=file,
            stderr=file,
            process_group=0,
            preexec_fn=end_with_parent,
        )


def _wait_until_ready(process: subprocess.Popen[bytes], output: Path) -> None:
    def is_ready() -> bool:
        return "\nready" in output.read_text()

    # It gives up itself in time, and says why.
    wait_until(lambda: is_ready() or process.poll() is not None, READY_WITHIN * 2, "ready")
    if not is_ready():
        raise RuntimeError(f"the system does not come up:\n{output.read_text()}")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(END_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        raise


def free_ports(count: int) -> list[int]:
    """Return ports of this machine that nobody listens on."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports
