"""A carrier in trouble instead of the sandbox's."""

import pytest

from shipping import adapters
from tests.unit.shipping.carriers import ForgetfulCarrier


@pytest.fixture
def carrier(monkeypatch) -> ForgetfulCarrier:
    carrier = ForgetfulCarrier()
    monkeypatch.setattr(adapters, "carrier", lambda: carrier)
    return carrier
