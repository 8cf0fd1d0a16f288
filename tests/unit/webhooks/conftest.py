"""A receiver on this machine, and a customer with an order."""

from datetime import timedelta

import pytest

from tests.unit.webhooks.receiver import receiving


@pytest.fixture(autouse=True)
def _local(settings):
    """Receivers of these tests are here, and each wait is a short one."""
    settings.EVENTBUS_WEBHOOKS_ALLOW_LOCAL = True
    settings.EVENTBUS_WEBHOOKS_TIMEOUT = timedelta(seconds=0.3)


@pytest.fixture
def receiver():
    with receiving() as receiver:
        yield receiver
