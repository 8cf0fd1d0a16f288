"""Who paid is forgotten; what was paid, and the invoice, stay."""

from uuid import UUID, uuid4

import pytest

from billing.models import Charge, OrderSnapshot, SandboxOperation
from eventbus.testing import given
from shop.events import CustomerErased
from tests.unit.billing import facts

pytestmark = pytest.mark.django_db


@pytest.fixture
def order_id() -> UUID:
    return uuid4()


def erased(order_id: UUID) -> CustomerErased:
    return CustomerErased(customer_id="7", email="", order_ids=(order_id,), cart_ids=())


def nobody_is_known(order_id: UUID) -> bool:
    charge, snapshot = Charge.objects.get(pk=order_id), OrderSnapshot.objects.get(pk=order_id)
    values = [charge.email, charge.card_token, charge.card_last4]
    values += [value for key, value in snapshot.details["ship_to"].items() if key != "country"]
    values += SandboxOperation.objects.values_list("token", flat=True)
    return not any(values)


def test_sums_stay_and_the_shopper_goes(order_id):
    given(facts.placed(order_id), erased(order_id), to="billing")
    charge = Charge.objects.get()
    assert (charge.number, charge.amount, charge.state) == ("S-1001", facts.TOTAL, "authorized")
    assert OrderSnapshot.objects.get().ordered.total == facts.TOTAL
    assert nobody_is_known(order_id)


def test_order_heard_of_after_its_shopper_was_forgotten_is_not_charged(order_id):
    given(erased(order_id), facts.placed(order_id), to="billing")
    assert nobody_is_known(order_id)
    assert Charge.objects.get().state == "new"
    assert not SandboxOperation.objects.exists()


@pytest.mark.parametrize("back", [False, True])
def test_shopper_forgotten_while_the_card_is_asked_leaves_no_card(order_id, processor, back):
    erasure = erased(order_id)
    facts.emit_with_deliveries(erasure)
    processor.troubles = [facts.on_the_way(erasure, back=back)]
    given(facts.placed(order_id), to="billing")
    assert SandboxOperation.objects.get().outcome == "approved"
    assert nobody_is_known(order_id)
