"""The database's address leads elsewhere: nothing is lost, nothing twice, and it is told."""

import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import psycopg
import pytest
from django.db import connection

from shop.chaos.proxy import Proxy
from shop.chaos.valkey import running_valkey
from shop.system import temporary_state
from shop.waiting import wait_until
from tests.conformance.behaviour import TABLES
from tests.conformance.certificates import self_signed
from tests.conformance.conftest import _known_here
from tests.conformance.mail import Mail
from tests.conformance.rig import MIGRATE, PROGRAMS, READY_WITHIN, Rig
from tests.machines.databases import Databases, databases

WORKERS = ("doves", "ravens")


class FailoverRig(Rig):
    """The programs of the bus before databases of their own."""

    def __init__(self, databases: Databases, *parts: Any) -> None:
        self.databases = databases
        super().__init__(*parts)

    def _own_environment(self) -> dict[str, str]:
        self.database_url = f"postgresql://postgres@127.0.0.1:{self.databases.proxy.port}/shop"
        return super()._own_environment() | {"SILENCE_LIMIT": "3"}


@pytest.fixture(scope="module")
def rig() -> Iterator[FailoverRig]:
    with ExitStack() as stack:
        stack.enter_context(_known_here())
        pair = stack.enter_context(databases())
        state = stack.enter_context(temporary_state())
        broker = stack.enter_context(running_valkey(state))
        proxy = stack.enter_context(Proxy(broker.address))
        pair.primary.ask("create database shop")
        rig = FailoverRig(pair, state, broker, proxy, self_signed(state))
        stack.callback(rig.end)
        assert rig.run("migrate", *MIGRATE).wait(READY_WITHIN) == 0, rig.log("migrate")
        with psycopg.connect(rig.database_url) as own:
            own.execute(TABLES)
        rig.start(*PROGRAMS)
        yield rig


@pytest.fixture(autouse=True)
def _at_the_rig(rig: FailoverRig, settings: Any, django_db_blocker: Any) -> Iterator[None]:
    """This process, too, uses the rig's broker and database."""
    settings.BROKER_URL = rig.url
    usual = connection.settings_dict.copy()
    with django_db_blocker.unblock():
        connection.close()
        here = {"NAME": "shop", "HOST": "127.0.0.1", "PORT": rig.databases.proxy.port}
        connection.settings_dict |= here | {"USER": "postgres"}
        yield
        connection.close()
        connection.settings_dict |= usual


@pytest.fixture
def mail(rig: FailoverRig) -> Mail:
    return Mail(rig)


@contextmanager
def held_up(rig: FailoverRig) -> Iterator[None]:
    """Every worker stands still meanwhile."""
    for name in WORKERS:
        rig.tell(name, signal.SIGSTOP)
    try:
        yield
    finally:
        for name in WORKERS:
            rig.tell(name, signal.SIGCONT)


def wait_until_told(rig: FailoverRig, name: str, word: str) -> None:
    wait_until(lambda: word in rig.log(name), 30, f"{name} says: {word}")


def forget_logs(rig: FailoverRig) -> None:
    for name in PROGRAMS:
        os.truncate(rig.state / f"{name}.log", 0)


def test_messages_that_meet_a_database_that_may_only_be_read_wait_for_it(rig, mail):
    mail.delivered()
    forget_logs(rig)
    with held_up(rig):
        notes = [mail.sent() for _ in range(3)]
        wait_until(lambda: all(map(mail.is_published, notes)), 30, "published")
        rig.databases.primary.allow_writing(False)
    for name in WORKERS:
        wait_until_told(rig, name, "a message waits: nothing can be written down")
    wait_until_told(rig, "relay", "relay waits")
    connection.close()
    rig.databases.primary.allow_writing(True)
    mail.wait_for_everybody(*notes, mail.sent())


def test_everybody_goes_over_to_the_standby_that_took_over(rig, mail):
    mail.delivered()
    forget_logs(rig)
    with held_up(rig):
        notes = [mail.sent() for _ in range(3)]
        wait_until(lambda: all(map(mail.is_published, notes)), 30, "published")
        rig.databases.primary.allow_writing(False)
        rig.databases.wait_for_standby()
    for name in WORKERS:
        wait_until_told(rig, name, "a message waits: nothing can be written down")
    connection.close()
    rig.databases.fail_over()
    mail.wait_for_everybody(*notes, mail.sent())
