"""The API does what its document says: schemathesis makes up what it is asked."""

from copy import deepcopy

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from shop.api.api import api
from shop.api.document import document
from tests.api.asking import Caller

schema = schemathesis.openapi.from_dict(deepcopy(document()))
schema.app = get_wsgi_application()


@pytest.fixture
def known(shop, monkeypatch):
    """Ids of things that are there, and the customer whose they are."""
    monkeypatch.setattr(api.throttle, "num_requests", 10**6)
    ada = Caller.of("ada@example.com")
    order = ada.order(ada.cart(POT=1)).json()["id"]
    return {"cart_id": ada.cart(MUG=2), "order_id": order, "sku": "MUG", "handle": "mug"}, ada


@pytest.fixture
def one_connection(known):
    """The test's own connection, with all that is in it."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@schema.parametrize()
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
def test_api_keeps_to_its_document(case, known, one_connection):
    ids, ada = known
    if case.meta.generation.mode.is_positive:
        case.path_parameters.update({n: ids[n] for n in case.path_parameters if n in ids})
    case.call_and_validate(
        headers={**ada.headers, "Accept-Encoding": "identity"},
        # What fits the document may be refused all the same: a code that there is not.
        excluded_checks=[positive_data_acceptance],
    )
