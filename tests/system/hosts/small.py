"""The bus and two small apps before a database that is not the tests' own."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from django.db import connection

from devtools.chaos.proxy import Proxy
from devtools.chaos.valkey import running_valkey
from devtools.system import temporary_state
from tests.system.brokers.broker_environment import (
    PROGRAMS,
    BrokerEnvironment,
    make_tables,
)
from tests.system.brokers.certificates import self_signed
from tests.system.brokers.conftest import _known_here
from tests.system.hosts.databases import Server

#: Seconds after which a side that says nothing is given up.
SILENCE = "3"


class SmallEnvironment(BrokerEnvironment):
    """Relay and workers run by the command `within`, at a database of one's own."""

    def __init__(self, database_url: str, within: tuple[str, ...], *parts: Any) -> None:
        self._database_url, self._within = database_url, within
        super().__init__(*parts)

    def _own_environment(self) -> dict[str, str]:
        self.database_url, self.url = self._database_url, self.server.url
        return super()._own_environment() | {"SILENCE_LIMIT": SILENCE, "CONNECT_WITHIN": "2"}

    def run(self, log: str, *arguments: str) -> Any:
        return super().run(log, *arguments, within=self._within)


@contextmanager
def small_environment(
    primary: Server, database_url: str, within: tuple[str, ...] = ()
) -> Iterator[SmallEnvironment]:
    """Everything runs, with an empty database on `primary`, which the address leads to."""
    with ExitStack() as stack:
        stack.enter_context(_known_here())
        state = stack.enter_context(temporary_state())
        broker = stack.enter_context(running_valkey(state))
        proxy = stack.enter_context(Proxy(broker.address))
        primary.ask("create database shop")
        environment = SmallEnvironment(
            database_url, within, state, broker, proxy, self_signed(state)
        )
        stack.callback(environment.end)
        environment.migrate()
        make_tables(primary.url)
        environment.start(*PROGRAMS)
        yield environment


@contextmanager
def this_process_at(
    environment: SmallEnvironment, host: str, port: int | str, settings: Any
) -> Iterator[None]:
    """This process, too, uses the environment's broker, and a database."""
    settings.EVENTBUS_BROKER_URL = environment.url
    usual = connection.settings_dict.copy()
    connection.close()
    connection.settings_dict |= {"NAME": "shop", "HOST": host, "PORT": port, "USER": "postgres"}
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict |= usual
