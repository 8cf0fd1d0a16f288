"""The API does what its document says, whatever it is asked: schemathesis makes up the questions."""

from copy import deepcopy

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, settings

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
    token = {"Authorization": ada.headers["Authorization"]}
    return {"cart_id": ada.cart(MUG=2), "order_id": order, "sku": "MUG", "handle": "mug"}, token


@pytest.fixture
def _one_connection():
    """The test's, with all that is in it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("_one_connection")
@schema.parametrize()
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
def test_api_keeps_to_its_document(case, known):
    ids, token = known
    if case.meta.generation.mode.is_positive:
        case.path_parameters.update({n: ids[n] for n in case.path_parameters if n in ids})
    case.call_and_validate(headers=token)
