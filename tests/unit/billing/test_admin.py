"""Staff read every row; money is given back on the order's page."""

import pytest
from django.urls import reverse

from billing.models import Charge, Invoice, OrderSnapshot, Refund, SandboxOperation
from eventbus.testing import given
from tests.unit.billing import facts

pytestmark = pytest.mark.django_db


@pytest.fixture
def captured(order_id):
    given(facts.placed(order_id), facts.reserved(order_id), facts.cleared(order_id), to="billing")
    given(facts.returned(order_id, "7.00"), to="billing")
    return order_id


@pytest.mark.parametrize("model", [Charge, Invoice, OrderSnapshot, Refund, SandboxOperation])
def test_every_row_can_be_searched_and_read_but_not_changed(admin_client, captured, model):
    name = f"admin:billing_{model._meta.model_name}"
    listed = admin_client.get(reverse(f"{name}_changelist"), {"q": "S-1001"})
    shown = admin_client.get(reverse(f"{name}_change", args=[model.objects.first().pk]))
    assert listed.status_code == shown.status_code == 200
    assert b'name="_save"' not in shown.content
