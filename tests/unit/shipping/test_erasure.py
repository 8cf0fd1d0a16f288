"""Where a parcel went is forgotten, but for the country; that it went stays."""

from uuid import UUID, uuid4

import pytest

from eventbus.testing import given
from shipping.models import SandboxParcel, Shipment
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
