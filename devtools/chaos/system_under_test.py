"""The system under test: programs, broker behind a proxy, mail server, shoppers."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Protocol, TypeVar

import psutil
import psycopg
from tenacity import Retrying, retry_if_exception_type, stop_after_delay, wait_fixed

from devtools.chaos.load import Load
from devtools.chaos.mail import MailServer
from devtools.chaos.proxy import Address, Proxy
from devtools.embedded import database_url
from devtools.system import System
from devtools.waiting import wait_until

#: Seconds in which what has died is there again, and between two looks.
BACK_WITHIN = 120
AGAIN_AFTER = 0.5

Result = TypeVar("Result")


class Broker(Protocol):
    """A broker of our own."""

    scheme: str

    @property
    def pid(self) -> int: ...

    @property
    def address(self) -> Address: ...

    @property
    def url(self) -> str: ...

    def start(self) -> None: ...

    def kill(self) -> None: ...

    def wipe(self) -> None: ...

    def fill(self) -> None: ...

    def make_room(self) -> None: ...


@dataclass
class SystemUnderTest:
    """Everything a fault may touch. A fault draws its random numbers from `random`."""

    system: System
    broker: Broker
    proxy: Proxy
    mail: MailServer
    load: Load
    crashes: Path
    random: Random
    #: Apps that are off until the end.
    off: set[str] = field(default_factory=set)
    #: Held by whoever kills the broker and starts it again.
    broker_restarts: threading.Lock = field(default_factory=threading.Lock)

    def process(self, name: str) -> psutil.Process:
        """Return a program's main process; waits while it is being started again."""
        wait_until(lambda: name in self.system.pids(), BACK_WITHIN, name)
        return psutil.Process(self.system.pid(name))

    def broker_process(self) -> psutil.Process:
        """Return the broker's process; waits while another fault has it down."""
        wait_until(lambda: psutil.pid_exists(self.broker.pid), BACK_WITHIN, "the broker")
        return psutil.Process(self.broker.pid)

    def rows(self, query: str, *values: Any) -> list[tuple]:
        """Return the rows of a query on the system's database, asked again while that is away."""
        url = database_url(self.system.state)

        def ask() -> list[tuple]:
            with closing(psycopg.connect(url, autocommit=True, connect_timeout=5)) as connection:
                cursor = connection.execute(query, values)
                return cursor.fetchall() if cursor.description else []

        return retry_while_down(
            ask, (psycopg.OperationalError, psycopg.errors.ReadOnlySqlTransaction)
        )

    @contextmanager
    def frozen(self, *processes: psutil.Process) -> Iterator[None]:
        """Stop these processes with all their children for the length of the block."""
        family = [each for one in processes for each in (one, *_children(one))]
        for process in family:
            with suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            for process in reversed(family):
                with suppress(psutil.NoSuchProcess):
                    process.send_signal(signal.SIGCONT)


def _children(process: psutil.Process) -> list[psutil.Process]:
    try:
        return process.children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def retry_while_down(work: Callable[[], Result], away: tuple[type[BaseException], ...]) -> Result:
    """Return what `work` does, tried again on these errors: another fault has a server down."""
    retrying = Retrying(
        retry=retry_if_exception_type(away),
        wait=wait_fixed(AGAIN_AFTER),
        stop=stop_after_delay(BACK_WITHIN),
        reraise=True,
    )
    return retrying(work)
