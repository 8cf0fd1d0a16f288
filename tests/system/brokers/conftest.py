"""Each test of this folder runs unchanged on Valkey and on RabbitMQ; some in this process too."""

import sys
from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.db import connection

from eventbus import registry
from eventbus.messaging import broker
from tests.databases import address_of
from tests.system.brokers.broker_environment import (
    APPS,
    DATABASE,
    BrokerEnvironment,
    running_environment,
)
from tests.system.brokers.in_process import (
    ProcessEnvironment,
    ProcessMail,
    running_in_process,
)
from tests.system.brokers.mail import Mail
from tests.system.rabbitmq import require_rabbitmq

BROKERS = ("valkey", "rabbitmq")
#: The way to run without any of them.
PROCESS = "process"
Environment = BrokerEnvironment | ProcessEnvironment
_KNOWN: tuple[dict, ...] = (registry._events, registry._foreign, registry._reactions)


@pytest.fixture(scope="package", params=BROKERS)
def environment(request: pytest.FixtureRequest) -> Iterator[Environment]:
    """One broker, relay and pair of workers for all tests; each leaves it as it found it."""
    if request.param == "rabbitmq":
        require_rabbitmq()
    way = running_in_process() if request.param == PROCESS else running_environment(request.param)
    with _known_here(), way as running:
        yield running


class _known_here:
    """The test apps' events and reactions, for the length of a block; no others react."""

    def __enter__(self) -> None:
        self._before = [each.copy() for each in _KNOWN]
        registry._reactions.clear()
        sys.path.insert(0, str(APPS))
        for module in ("app_a.reactions", "app_b.reactions"):
            import_module(module)

    def __exit__(self, *_: Any) -> None:
        sys.path.remove(str(APPS))
        for name in [name for name in sys.modules if name.split(".")[0] in ("app_a", "app_b")]:
            del sys.modules[name]
        for now, before in zip(_KNOWN, self._before, strict=True):
            now.clear()
            now.update(before)
        registry.wanted.cache_clear()


@pytest.fixture(autouse=True)
def _in_the_environment(
    environment: Environment, settings: Any, django_db_blocker: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """This process, too, uses the environment's broker and database, and is as quick."""
    # Where reactions leave their marks that run here, as those of a backfill do.
    monkeypatch.setenv("DATABASE_URL", address_of(DATABASE))
    settings.EVENTBUS_BROKER_URL = environment.url
    settings.EVENTBUS_OVERDUE_AFTER = timedelta(seconds=1)
    settings.EVENTBUS_RETRY_BASE = timedelta(seconds=0.05)
    settings.EVENTBUS_MAX_ATTEMPTS = 3
    usual = connection.settings_dict["NAME"]
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict["NAME"] = DATABASE
        yield
        environment.mend()
        connection.close()
        connection.settings_dict["NAME"] = usual


@pytest.fixture
def mail(environment: Environment) -> Mail:
    """Let a test write notes and see what became of them."""
    is_here = isinstance(environment, ProcessEnvironment)
    return ProcessMail(environment) if is_here else Mail(environment)


@pytest.fixture
def publisher() -> Iterator[broker.Publisher]:
    publisher = broker.Publisher()
    yield publisher
    publisher.close()
