"""Each test of this folder runs unchanged on Valkey and on RabbitMQ."""

import os
import sys
from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.db import connection

from devtools.chaos import rabbitmq
from eventbus import registry
from eventbus.messaging import broker
from tests.system.brokers.mail import Mail
from tests.system.brokers.rig import APPS, DATABASE, Rig, running_rig

BROKERS = ("valkey", "rabbitmq")


@pytest.fixture(scope="package", params=BROKERS)
def rig(request: pytest.FixtureRequest) -> Iterator[Rig]:
    """One broker, relay and pair of workers for all tests; each leaves it as it found it."""
    if request.param == "rabbitmq" and rabbitmq.program() is None:
        # Where tests must run (CI is set) its absence is an error.
        (pytest.fail if os.environ.get("CI") else pytest.skip)(rabbitmq.MISSING)
    with _known_here(), running_rig(request.param) as running:
        yield running


class _known_here:
    """The test apps' events and reactions, known to this process for the length of a block."""

    def __enter__(self) -> None:
        self._before = registry._events.copy(), registry._reactions.copy()
        sys.path.insert(0, str(APPS))
        for module in ("doves.reactions", "ravens.reactions"):
            import_module(module)

    def __exit__(self, *_: Any) -> None:
        sys.path.remove(str(APPS))
        for name in [name for name in sys.modules if name.split(".")[0] in ("doves", "ravens")]:
            del sys.modules[name]
        for now, before in zip((registry._events, registry._reactions), self._before, strict=True):
            now.clear()
            now.update(before)


@pytest.fixture(autouse=True)
def _at_the_rig(rig: Rig, settings: Any, django_db_blocker: Any) -> Iterator[None]:
    """This process, too, uses the rig's broker and database."""
    settings.EVENTBUS_BROKER_URL = rig.url
    settings.EVENTBUS_OVERDUE_AFTER = timedelta(seconds=1)
    usual = connection.settings_dict["NAME"]
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict["NAME"] = DATABASE
        yield
        rig.mend()
        connection.close()
        connection.settings_dict["NAME"] = usual


@pytest.fixture
def mail(rig: Rig) -> Mail:
    """How a test writes notes and sees what became of them."""
    return Mail(rig)


@pytest.fixture
def publisher() -> Iterator[broker.Publisher]:
    publisher = broker.Publisher()
    yield publisher
    publisher.close()
