"""Each test of this folder runs unchanged on Valkey and on RabbitMQ."""

import sys
from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.db import connection

from eventbus import registry
from eventbus.messaging import broker
from tests.system.brokers.broker_environment import (
    APPS,
    DATABASE,
    BrokerEnvironment,
    running_environment,
)
from tests.system.brokers.mail import Mail
from tests.system.rabbitmq import require_rabbitmq

BROKERS = ("valkey", "rabbitmq")


@pytest.fixture(scope="package", params=BROKERS)
def environment(request: pytest.FixtureRequest) -> Iterator[BrokerEnvironment]:
    """One broker, relay and pair of workers for all tests; each leaves it as it found it."""
    if request.param == "rabbitmq":
        require_rabbitmq()
    with _known_here(), running_environment(request.param) as running:
        yield running


class _known_here:
    """The test apps' events and reactions, known to this process for the length of a block."""

    def __enter__(self) -> None:
        self._before = registry._events.copy(), registry._reactions.copy()
        sys.path.insert(0, str(APPS))
        for module in ("app_a.reactions", "app_b.reactions"):
            import_module(module)

    def __exit__(self, *_: Any) -> None:
        sys.path.remove(str(APPS))
        for name in [name for name in sys.modules if name.split(".")[0] in ("app_a", "app_b")]:
            del sys.modules[name]
        for now, before in zip((registry._events, registry._reactions), self._before, strict=True):
            now.clear()
            now.update(before)
        registry.wanted.cache_clear()


@pytest.fixture(autouse=True)
def _in_the_environment(
    environment: BrokerEnvironment, settings: Any, django_db_blocker: Any
) -> Iterator[None]:
    """This process, too, uses the environment's broker and database."""
    settings.EVENTBUS_BROKER_URL = environment.url
    settings.EVENTBUS_OVERDUE_AFTER = timedelta(seconds=1)
    usual = connection.settings_dict["NAME"]
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict["NAME"] = DATABASE
        yield
        environment.mend()
        connection.close()
        connection.settings_dict["NAME"] = usual


@pytest.fixture
def mail(environment: BrokerEnvironment) -> Mail:
    """Let a test write notes and see what became of them."""
    return Mail(environment)


@pytest.fixture
def publisher() -> Iterator[broker.Publisher]:
    publisher = broker.Publisher()
    yield publisher
    publisher.close()
