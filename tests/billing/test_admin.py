"""Staff read every row, and give money back without leaving the list."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse

from billing.events import PaymentRefunded
from billing.models import Charge, Invoice, Purchase, Refund, SandboxOperation
from shop.bus.testing import emitted, given
from tests.billing import facts

pytestmark = pytest.mark.django_db


@pytest.fixture
def captured(order_id):
    given(facts.placed(order_id), facts.reserved(order_id), facts.cleared(order_id), to="billing")
    given(facts.returned(order_id, "7.00"), to="billing")
    return order_id


def press_refund(admin_client, order_id, **fields):
    posted = {"action": "refund_selected", "_selected_action": str(order_id)} | fields
    return admin_client.post(reverse("admin:billing_charge_changelist"), posted, follow=True)


@pytest.mark.parametrize("model", [Charge, Invoice, Purchase, Refund, SandboxOperation])
def test_every_row_can_be_searched_and_read_but_not_changed(admin_client, captured, model):
    name = f"admin:billing_{model._meta.model_name}"
    listed = admin_client.get(reverse(f"{name}_changelist"), {"q": "S-1001"})
    shown = admin_client.get(reverse(f"{name}_change", args=[model.objects.first().pk]))
    assert listed.status_code == shown.status_code == 200
    assert b'name="_save"' not in shown.content


def test_refund_pressed_twice_on_one_page_goes_back_once(admin_client, captured):
    page = {"amount": "5.00", "reason": "damaged", "reference": uuid4()}
    assert b"is going back" in press_refund(admin_client, captured, **page).content
    assert b"Not refunded" in press_refund(admin_client, captured, **page).content
    facts.settle_billing()
    assert emitted(PaymentRefunded)[-1].refunded_total == Decimal("12.00")


def test_refund_without_an_amount_gives_back_what_is_left(admin_client, captured):
    press_refund(admin_client, captured, reference=uuid4())
    facts.settle_billing()
    last = emitted(PaymentRefunded)[-1]
    assert (last.refunded_total, last.reason) == (facts.TOTAL, "refunded by admin")


def test_refund_that_cannot_be_is_refused_with_the_reason(admin_client, captured):
    answer = press_refund(admin_client, captured, amount="99.00", reference=uuid4())
    assert b"20.00 EUR can be refunded, not 99.00" in answer.content
