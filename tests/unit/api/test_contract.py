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
from shop.api.openapi import document
from shop.api.problems import FAULTS
from tests.unit.api.asking import Caller
from tests.unit.api.conftest import fill_shop

schema = schemathesis.openapi.from_dict(deepcopy(document()))
schema.app = get_wsgi_application()

#: How a text begins by which a request is refused for its form.
FORM = tuple({str(text).partition("%")[0] for text in FAULTS.values()})


@pytest.fixture(scope="module")
def shared_callers(shared_db) -> list[tuple[dict[str, str], dict[str, str]]]:
    """A guest and a customer: ids of things that are there for each, and their headers."""
    with shared_db():
        fill_shop()
        guest, ada = Caller(), Caller.of("ada@example.com")
        order = ada.order(ada.cart(POT=1)).json()["id"]
        wish = {"url": "https://receiver.example/", "event_types": ["orders.OrderPlaced"]}
        webhook = ada.post("/webhooks", wish).json()["id"]
        ids = {"order_id": order, "sku": "MUG", "handle": "mug", "webhook_id": webhook}
        return [({**ids, "cart_id": each.cart(MUG=2)}, each.headers) for each in (guest, ada)]


@pytest.fixture
def callers(db, shared_callers, monkeypatch):
    monkeypatch.setattr(api.throttle, "num_requests", 10**6)
    return shared_callers


@pytest.fixture
def one_connection(callers):
    """The test's own connection, with all that is in it."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


def about_what_is_there(case, ids) -> None:
    """Ask what fits the document about things that exist, to get beyond 404."""
    sent = case.body if isinstance(case.body, dict) else {}
    for place in (case.path_parameters, sent):
        place.update({name: ids[name] for name in place if name in ids})


def by_rules_alone(context, response, case) -> None:
    """Accept that a rule of the shop refuses what fits the document, but never for its form."""
    if case.meta.generation.mode.is_positive and response.status_code in (400, 415, 422):
        texts = [text for texts in response.json()["errors"].values() for text in texts]
        assert texts, response.text
        assert not [text for text in texts if text.startswith(FORM)], response.text


@schema.parametrize()
@settings(max_examples=5, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_api_keeps_to_its_document(case, callers, one_connection):
    """Whoever asks: a guest, and a customer where the document says that a token counts."""
    for ids, headers in callers if takes_a_token(case) else callers[:1]:
        if case.meta.generation.mode.is_positive:
            about_what_is_there(case, ids)
        case.call_and_validate(
            headers={**headers, "Accept-Encoding": "identity"},
            additional_checks=[by_rules_alone],
            # Knows no rules, such as that there must be a category of that name.
            excluded_checks=[positive_data_acceptance],
        )


def takes_a_token(case) -> bool:
    return bool(case.operation.definition.raw.get("security"))


def test_document_is_valid_openapi():
    schema.validate()
