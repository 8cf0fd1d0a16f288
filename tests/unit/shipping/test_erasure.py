"""Where a parcel went is forgotten, but for the country; that it went stays."""

from uuid import UUID, uuid4

import pytest

from eventbus.testing import given
from shipping.models import SandboxParcel, Shipment
from shipping.sandbox import SandboxCarrier
from shop.events import CustomerErased
from tests.unit.shipping import facts

pytestmark = pytest.mark.django_db

NOWHERE = {
    "name": "",
    "line1": "",
    "line2": "",
    "city": "",
    "region": "",
    "postcode": "",
    "country": "GB",
}


@pytest.fixture
def order_id() -> UUID:
    return uuid4()


def erased(order_id: UUID) -> CustomerErased:
    return CustomerErased(customer_id="7", email="", order_ids=(order_id,), cart_ids=())


def test_address_goes_from_the_shipment_and_from_the_carrier_s_labels(order_id, settings):
    settings.PACKING_TIME = settings.PACKING_TIME * 0
    given(facts.placed(order_id), facts.billed(order_id), erased(order_id), to="shipping")
    shipment = Shipment.objects.get()
    assert (shipment.email, shipment.address, shipment.state) == ("", NOWHERE, "shipped")
    assert SandboxParcel.objects.get().label["to"] == NOWHERE


def test_order_heard_of_after_its_shopper_was_forgotten_has_no_address(order_id):
    given(erased(order_id), facts.placed(order_id), to="shipping")
    shipment = Shipment.objects.get()
    assert (shipment.number, shipment.email, shipment.address) == ("S-1001", "", NOWHERE)


@pytest.mark.parametrize("operation", ["hand_over", "collect"])
def test_shopper_forgotten_while_the_carrier_is_asked_leaves_no_address(
    order_id, operation, settings, monkeypatch
):
    settings.PACKING_TIME = settings.PACKING_TIME * 0
    ask = getattr(SandboxCarrier, operation)

    def forgotten_before_the_carrier_hears_of_it(*asked, **how):
        given(erased(order_id), to="shipping")
        return ask(*asked, **how)

    monkeypatch.setattr(SandboxCarrier, operation, forgotten_before_the_carrier_hears_of_it)
    given(facts.placed(order_id), facts.billed(order_id), to="shipping")
    given(facts.return_approved(order_id), to="shipping")
    labels = SandboxParcel.objects.values_list("label", flat=True)
    assert [label.get("to", label.get("from")) for label in labels] == [NOWHERE, NOWHERE]
