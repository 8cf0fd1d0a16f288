"""A carrier in trouble instead of the sandbox's."""

import pytest

from shipping import gateway
from tests.unit.shipping.carriers import ForgetfulCarrier


@pytest.fixture
def carrier(monkeypatch) -> ForgetfulCarrier:
    carrier = ForgetfulCarrier()
    monkeypatch.setattr(gateway, "carrier", lambda: carrier)
    return carrier
