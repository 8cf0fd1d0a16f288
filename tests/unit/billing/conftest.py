"""What every billing test gets: a processor that can be troubled, and no waiting."""

from datetime import timedelta
from uuid import uuid4

import pytest

from billing import adapters
from tests.unit.billing.facts import TroubledProcessor


@pytest.fixture(autouse=True)
def processor(monkeypatch, settings):
    settings.GATEWAY_SLOW = timedelta(0)
    troubled = TroubledProcessor()
    monkeypatch.setattr(adapters, "processor", lambda: troubled)
    return troubled


@pytest.fixture
def order_id():
    return uuid4()
