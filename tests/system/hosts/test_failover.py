"""The database's address leads elsewhere: nothing is lost, nothing twice, and it is told."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection

from devtools.waiting import wait_until
from tests.system.brokers.broker_environment import PROGRAMS
from tests.system.brokers.mail import Mail
from tests.system.hosts.databases import Databases, databases
from tests.system.hosts.small import SmallEnvironment, small_environment, this_process_at

WORKERS = ("app_a", "app_b")


@pytest.fixture(scope="module")
def pair() -> Iterator[Databases]:
    with databases() as running:
        yield running


@pytest.fixture(scope="module")
def environment(pair: Databases) -> Iterator[SmallEnvironment]:
    address = f"postgresql://postgres@127.0.0.1:{pair.proxy.port}/shop"
    with small_environment(pair.primary, address) as running:
        yield running


@pytest.fixture
def mail(
    environment: SmallEnvironment, pair: Databases, settings: Any, django_db_blocker: Any
) -> Iterator[Mail]:
    with (
        django_db_blocker.unblock(),
        this_process_at(environment, "127.0.0.1", pair.proxy.port, settings),
    ):
        yield Mail(environment)


@contextmanager
def held_up(environment: SmallEnvironment) -> Iterator[None]:
    """Every worker stands still meanwhile."""
    for name in WORKERS:
        environment.tell(name, signal.SIGSTOP)
    try:
        yield
    finally:
        for name in WORKERS:
            environment.tell(name, signal.SIGCONT)


@pytest.fixture
def waiting(environment: SmallEnvironment, pair: Databases, mail: Mail) -> list[Any]:
    """Notes that meet a database which may only be read; everybody has told of it."""
    mail.delivered()
    for name in PROGRAMS:
        os.truncate(environment.state / f"{name}.log", 0)
    with held_up(environment):
        notes = [mail.sent() for _ in range(3)]
        wait_until(lambda: all(map(mail.is_published, notes)), 120, "published")
        pair.primary.allow_writing(False)
    for name in WORKERS:
        wait_until_told(environment, name, "a message waits: nothing can be written down")
    wait_until_told(environment, "relay", "relay waits")
    connection.close()
    return notes


def wait_until_told(environment: SmallEnvironment, name: str, word: str) -> None:
    wait_until(lambda: word in environment.log(name), 120, f"{name} says: {word}")


def test_messages_that_meet_a_database_that_may_only_be_read_wait_for_it(mail, pair, waiting):
    pair.primary.allow_writing(True)
    mail.wait_for_everybody(*waiting, mail.sent())


def test_everybody_goes_over_to_the_standby_that_took_over(mail, pair, waiting):
    pair.wait_for_standby()
    pair.fail_over()
    mail.wait_for_everybody(*waiting, mail.sent())
