"""A broker, a relay and two workers of the tests' own, each in a process that can be killed."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psycopg

from devtools.chaos.proxy import Proxy
from devtools.chaos.rabbitmq import Certificate, rabbitmq
from devtools.chaos.valkey import running_valkey
from devtools.run.readiness import Readiness
from devtools.system import PROJECT, temporary_state
from devtools.waiting import wait_until
from shop.process_tree import end_with_parent
from tests.databases import address_of, own_database
from tests.system.brokers.behaviour import TABLES
from tests.system.brokers.certificates import self_signed
from tests.system.brokers.forking import Forking, Program

APPS = PROJECT / "tests" / "system" / "brokers" / "apps"
DATABASE = "conformance"
PROGRAMS = ("relay", "app_a", "app_b")
Process = subprocess.Popen[bytes] | Program

#: Short times, so that what is tried again is tried soon.
QUICK = {
    "EVENTBUS_OVERDUE_AFTER": "1",
    "EVENTBUS_RETRY_BASE": "0.05",
    "EVENTBUS_MAX_ATTEMPTS": "3",
    "EVENTBUS_LEASE": "2",
    "LOG_LEVEL": "INFO",
}
#: The bus and the test apps, without the shop.
APPS_ALONE = {
    "DJANGO_SETTINGS_MODULE": "tests.system.brokers.settings",
    "PYTHONPATH": f"{PROJECT}{os.pathsep}{APPS}",
}
MIGRATE = ("manage.py", "migrate", "--verbosity", "0")
READY_WITHIN = 180
END_WITHIN = 20


class BrokerEnvironment:
    """What runs. Processes go by name: `relay`, or a worker by its app's."""

    def __init__(self, state: Path, server: Any, proxy: Proxy, certificate: Certificate) -> None:
        self.state = state
        self.certificate = certificate
        self.server = server
        self.proxy = proxy
        self.url = server.scheme.format(port=proxy.port)
        self.database_url = address_of(DATABASE)
        self.env = os.environ | QUICK | self._own_environment()
        self._is_ready = Readiness(state, {})
        #: what has to run while a test begins
        self.programs = PROGRAMS
        self._processes: dict[str, Process] = {}
        self._forking: Forking | None = None

    def _own_environment(self) -> dict[str, str]:
        return {
            "SHOP_STATE": str(self.state),
            "DATABASE_URL": self.database_url,
            "BROKER_URL": self.url,
            **APPS_ALONE,
        }

    def migrate(self) -> None:
        """Bring the database up to date."""
        migrated = self.run("migrate", *MIGRATE).wait(READY_WITHIN) == 0
        assert migrated, self.log("migrate")

    def start(self, *names: str) -> None:
        """Start these and wait until they are ready."""
        for name in names:
            self._is_ready.forget(name)
            self.launch(name)
        for name in names:
            wait_until(lambda name=name: self._is_ready(name), READY_WITHIN, name)

    def launch(self, name: str, *node: str) -> None:
        """Start this one, ready or not. `node`: what a worker is called, if not by us."""
        self._processes[name] = self.run(name, *_command(name, *node))

    def is_running(self, name: str) -> bool:
        return self._processes[name].poll() is None

    @contextmanager
    def with_more_workers(self) -> Iterator[None]:
        """For the length of the block two workers of each app run."""
        for app in PROGRAMS[1:]:
            self.start_beside(app, f"{app}@second")
        self.programs = tuple(self._processes)
        yield
        self.programs = PROGRAMS
        self.mend()

    def start_beside(self, app: str, name: str, *node: str) -> None:
        """Start a second worker of an app; wait until it consumes."""
        self._is_ready.forget(app)
        self.launch(name, *node)
        wait_until(lambda: self._is_ready(app), READY_WITHIN, name)

    @contextmanager
    def forking(self) -> Iterator[None]:
        """For the length of the block programs are forked, unless their environment is another."""
        self._forking = Forking(self.env, self.state)
        try:
            yield
        finally:
            self._forking.end()

    def run(self, log: str, *arguments: str, within: tuple[str, ...] = ()) -> Process:
        """Start a Python program against this environment; `within`: the command that runs it."""
        if self._forking and self._forking.env == self.env:
            return self._forking.run(self.state / f"{log}.log", *arguments)
        with (self.state / f"{log}.log").open("ab") as output:
            return subprocess.Popen(
                [*within, sys.executable, *arguments],
                cwd=PROJECT,
                env=self.env,
                stdout=output,
                stderr=output,
                preexec_fn=end_with_parent,
            )

    def pid(self, name: str) -> int:
        return self._processes[name].pid

    def tell(self, name: str, number: signal.Signals) -> None:
        self._processes[name].send_signal(number)

    def wait_for_end(self, name: str, within: float = END_WITHIN) -> int:
        """Its exit status."""
        return self._processes[name].wait(within)

    def stop(self, name: str, number: signal.Signals = signal.SIGTERM) -> None:
        self.tell(name, number)
        self.wait_for_end(name)

    def log(self, name: str) -> str:
        return (self.state / f"{name}.log").read_text()

    @contextmanager
    def with_environment(self, *names: str, **env: str) -> Iterator[None]:
        """For the length of the block these programs run in another environment."""
        usual, self.env = self.env, self.env | env
        try:
            self._restart(*names)
            yield
        finally:
            self.env = usual
            self._restart(*names)

    def _restart(self, *names: str) -> None:
        for name in names:
            self.stop(name)
        self.start(*names)

    def mend(self) -> None:
        """Have everything run and flow again, whatever a test has left."""
        self.proxy.heal()
        self.server.start()
        for name in self._processes.keys() - set(self.programs):
            self.stop(name)
            del self._processes[name]
        self._start_again(name for name in self.programs if not self.is_running(name))

    def turn_off(self, app: str) -> None:
        """Stop every worker of an app."""
        for name in self._workers(app):
            self.stop(name)

    def turn_on(self, app: str) -> None:
        """Start every worker of an app again."""
        self._start_again(self._workers(app))

    def _workers(self, app: str) -> list[str]:
        return [name for name in self._processes if name.partition("@")[0] == app]

    def _start_again(self, names: Iterable[str]) -> None:
        first, further = [], []
        for name in names:
            (further if "@" in name else first).append(name)
        self.start(*first)
        for name in further:
            self.start_beside(name.partition("@")[0], name)

    def end(self) -> None:
        for process in self._processes.values():
            process.kill()
            process.wait(END_WITHIN)


def _command(name: str, *node: str) -> tuple[str, ...]:
    if name in ("relay", "inbound"):
        return "manage.py", name
    app = name.partition("@")[0]
    named = node or ("-n", f"{name.replace(chr(64), chr(45))}@environment")
    return ("-m", "celery", "-q", "-A", app, "worker", *named, "--concurrency", "1")


@contextmanager
def running_environment(kind: str) -> Iterator[BrokerEnvironment]:
    """Broker, database, relay and workers, ready. `kind`: valkey or rabbitmq."""
    with ExitStack() as stack:
        state = stack.enter_context(temporary_state())
        certificate = self_signed(state)
        server = stack.enter_context(
            rabbitmq(certificate) if kind == "rabbitmq" else running_valkey(state)
        )
        proxy = stack.enter_context(Proxy(server.address))
        stack.enter_context(own_database(DATABASE))
        environment = BrokerEnvironment(state, server, proxy, certificate)
        stack.enter_context(environment.forking())
        stack.callback(environment.end)
        environment.migrate()
        make_tables(environment.database_url)
        environment.start(*PROGRAMS)
        yield environment


def prepare_database(env: dict[str, str]) -> None:
    """Migrate the database at `DATABASE_URL`, and make the tables of the test apps."""
    env = env | QUICK | APPS_ALONE
    subprocess.run([sys.executable, *MIGRATE], cwd=PROJECT, env=env, check=True)
    make_tables(env["DATABASE_URL"])


def make_tables(database_url: str) -> None:
    """Make the tables of the test apps."""
    with psycopg.connect(database_url) as connection:
        connection.execute(TABLES)
