"""A private RabbitMQ: data, ports and process of its own, on this machine's loopback only."""

import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import amqp
from django.conf import settings
from kombu import Connection

from devtools.system import PROJECT, free_ports, temporary_state
from devtools.waiting import wait_until
from shop.process_tree import start

#: Past the wrapper of Debian and Fedora, which runs it as the user `rabbitmq` only.
PACKAGED = "/usr/lib/rabbitmq/bin/rabbitmq-server"
MISSING = "RabbitMQ is missing: apt-get install rabbitmq-server"
USER = "shop"

#: Seconds it may take to be ready, on a machine busy with other tests, and to end.
READY_WITHIN = 90
END_WITHIN = 30
#: Which part of the machine's memory it may have: none, and what is usual.
FULL, ROOMY = "0", "0.4"


def program() -> str | None:
    """Return where the server's program is; None if it is not installed."""
    return PACKAGED if os.path.exists(PACKAGED) else shutil.which("rabbitmq-server")


@dataclass(frozen=True)
class Certificate:
    """What the server proves with who it is: files in PEM."""

    authority: Path
    certificate: Path
    key: Path


@dataclass
class RabbitMQ:
    """A server that can be killed and started again; it keeps its data and its ports."""

    folder: Path
    certificate: Certificate | None = None
    password: str = field(default_factory=lambda: secrets.token_urlsafe(12), repr=False)

    def __post_init__(self) -> None:
        self.port, self.tls_port, self._names_port, self._nodes_port = free_ports(4)
        self._write_configuration()
        self._names = self._run("epmd", "-port", str(self._names_port), "-address", "127.0.0.1")
        self._server = self._run(str(program()))

    @property
    def scheme(self) -> str:
        """Return its address for the shop's settings, with the port left open for a proxy's."""
        return f"amqp://{USER}:{self.password}@127.0.0.1:{{port}}//"

    @property
    def address(self) -> tuple[str, int]:
        return "127.0.0.1", self.port

    @property
    def url(self) -> str:
        """Return its own address, past any proxy."""
        return self.scheme.format(port=self.port)

    @property
    def tls_url(self) -> str:
        """Return the address for TLS, which it speaks if it was given a certificate."""
        return f"amqps://{USER}:{self.password}@localhost:{self.tls_port}//"

    @property
    def pid(self) -> int:
        return self._server.pid

    @property
    def _node(self) -> str:
        return f"shop{self.port}@localhost"

    @property
    def log(self) -> str:
        """Return what the server has written."""
        return (self.folder / "output").read_text()

    def start(self) -> None:
        """Start it, unless it runs, and wait until it answers."""
        if self._has_ended():
            self._server = self._run(str(program()))
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        """Wait until it answers. Raises RuntimeError, with its output, if it ends instead."""
        wait_until(lambda: self._has_ended() or self.answers(), READY_WITHIN, "RabbitMQ")
        if self._has_ended():
            raise RuntimeError(f"RabbitMQ does not start:\n{self.log}")

    def stop(self) -> None:
        """Have it end in good order."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it with -9."""
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        """Kill it if it runs; start it on what it has kept."""
        self.kill()
        self.start()

    def wipe(self) -> None:
        """Have it lose everything it holds; it comes back as new."""
        self.kill()
        shutil.rmtree(self.folder / "data")
        self.start()

    def fill(self) -> None:
        """Have it raise its alarm of memory: it takes no message."""
        self._limit_memory(FULL)

    def make_room(self) -> None:
        self._limit_memory(ROOMY)

    def _limit_memory(self, share: str) -> None:
        self.wait_until_ready()
        self.control("set_vm_memory_high_watermark", share).check_returncode()

    def end(self) -> None:
        """End it and all that belongs to it."""
        self.kill()
        self._names.kill()
        self._names.wait(END_WITHIN)

    def answers(self) -> bool:
        try:
            with Connection(self.url, connect_timeout=2) as connection:
                connection.connect()
        except (OSError, amqp.AMQPError):
            return False
        return True

    def control(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command of rabbitmqctl; returns its exit status and output."""
        return subprocess.run(
            [Path(str(program())).with_name("rabbitmqctl"), *command],
            cwd=self.folder,
            env=os.environ | self._environment(),
            capture_output=True,
            text=True,
            timeout=READY_WITHIN,
        )

    def _has_ended(self) -> bool:
        return self._server.poll() is not None

    def _end(self, number: signal.Signals) -> None:
        self._server.send_signal(number)
        self._server.wait(END_WITHIN)

    def _run(self, *command: str) -> subprocess.Popen[bytes]:
        with (self.folder / "output").open("ab") as output:
            return start(
                command,
                cwd=self.folder,
                env=os.environ | self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )

    def _environment(self) -> dict[str, str]:
        places = {
            "MNESIA_BASE": "data",
            "LOG_BASE": "log",
            "GENERATED_CONFIG_DIR": "generated",
            "SCHEMA_DIR": "schema",
            "CONFIG_FILE": "rabbitmq.conf",
            "ADVANCED_CONFIG_FILE": "advanced.config",
            "ENABLED_PLUGINS_FILE": "plugins",
            "PID_FILE": "pid",
        }
        return {
            **{f"RABBITMQ_{name}": str(self.folder / place) for name, place in places.items()},
            "RABBITMQ_CONF_ENV_FILE": os.devnull,
            "RABBITMQ_LOGS": "-",
            "RABBITMQ_NODENAME": self._node,
            "RABBITMQ_DIST_PORT": str(self._nodes_port),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": (
                "-start_epmd false -kernel inet_dist_use_interface {127,0,0,1}"
            ),
            # Otherwise a shell stays between, and its process id is not the server's.
            "RUNNING_UNDER_SYSTEMD": "true",
            "ERL_EPMD_PORT": str(self._names_port),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_CRASH_DUMP_BYTES": "0",
            # The cookie of its node is kept there.
            "HOME": str(self.folder),
        }

    def _write_configuration(self) -> None:
        definitions = self.folder / "definitions.json"
        definitions.write_text(json.dumps(_definitions(self.password)))
        lines = [
            f"listeners.tcp.local = 127.0.0.1:{self.port}",
            f"load_definitions = {definitions}",
            "log.console.level = warning",
        ]
        if self.certificate:
            lines += [
                f"listeners.ssl.local = 127.0.0.1:{self.tls_port}",
                f"ssl_options.cacertfile = {self.certificate.authority}",
                f"ssl_options.certfile = {self.certificate.certificate}",
                f"ssl_options.keyfile = {self.certificate.key}",
            ]
        (self.folder / "rabbitmq.conf").write_text("\n".join(lines) + "\n")
        (self.folder / "plugins").write_text("[].\n")


def _definitions(password: str) -> dict[str, list]:
    """Return a user of its own, and the policies that every RabbitMQ of the shop needs."""
    salt = secrets.token_bytes(4)
    digest = b64encode(salt + sha256(salt + password.encode()).digest()).decode()
    user = {"name": USER, "password_hash": digest, "tags": "administrator"}
    user["hashing_algorithm"] = "rabbit_password_hashing_sha256"
    allowed = {"user": USER, "vhost": "/", "configure": ".*", "write": ".*", "read": ".*"}
    return {
        "users": [user],
        "vhosts": [{"name": "/"}],
        "permissions": [allowed],
        **_policies(),
    }


def _policies() -> dict[str, list]:
    """Return the policies, by a process of its own unless this one has read the settings.

    They are to be about the broker that is made here, and are read once.
    """
    if settings.configured:
        from eventbus.messaging.policies import rabbitmq_policies

        return rabbitmq_policies()
    command = [sys.executable, "manage.py", "rabbitmq_policies"]
    return json.loads(subprocess.check_output(command, cwd=PROJECT))


@contextmanager
def rabbitmq(certificate: Certificate | None = None) -> Iterator[RabbitMQ]:
    """Run a server of its own for the length of the block.

    Raises FileNotFoundError if RabbitMQ is not installed.
    """
    if program() is None:
        raise FileNotFoundError(MISSING)
    with temporary_state() as folder:
        server = RabbitMQ(folder, certificate)
        try:
            server.wait_until_ready()
            yield server
        finally:
            server.end()
