"""A cart is opened by its id, a customer's by their token besides."""

from uuid import uuid4

import pytest

from tests.unit.api.asking import Caller


def test_units_are_added_changed_and_taken_out(guest):
    cart_id = guest.cart(MUG=2, POT=1)
    path = f"/carts/{cart_id}/items/MUG"
    assert guest.ask("PUT", path, {"quantity": 5}).json()["goods"]["amount"] == "55.50"
    assert [i["sku"] for i in guest.ask("DELETE", path).json()["items"]] == ["POT"]
    assert guest.ask("DELETE", path).status_code == 200


def test_customers_cart_is_found_again_and_is_nobody_elses(ada, guest):
    cart_id = ada.cart(MUG=1)
    again = ada.post("/carts")
    assert (again.status_code, again.json()["id"]) == (200, cart_id)
    for other in (guest, Caller.of("eve@example.com")):
        assert other.get(f"/carts/{cart_id}").status_code == 404
        item = {"sku": "MUG", "quantity": 1}
        assert other.post(f"/carts/{cart_id}/items", item).status_code == 404
    assert ada.get(f"/carts/{cart_id}").json()["items"][0]["quantity"] == 1


def test_new_cart_tells_where_it_is(guest):
    answer = guest.post("/carts")
    assert answer.status_code == 201
    assert answer["Location"].endswith(f"/api/carts/{answer.json()['id']}")
    assert answer.json()["goods"]["amount"] == "0.00"


@pytest.mark.parametrize("quantity", [0, -1, 10**9, "many", "1", True, None, 1.5])
def test_quantity_that_makes_no_sense_is_refused_by_name(guest, quantity):
    cart_id = guest.cart()
    answer = guest.post(f"/carts/{cart_id}/items", {"sku": "MUG", "quantity": quantity})
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["quantity"])
    assert not guest.get(f"/carts/{cart_id}").json()["items"]


def test_variant_there_is_not_is_refused_by_name(guest):
    answer = guest.post(f"/carts/{guest.cart()}/items", {"sku": "NONE", "quantity": 1})
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["sku"])


def test_field_there_is_not_is_refused_by_name(guest):
    item = {"sku": "MUG", "quantity": 1, "unit_price": "0.01"}
    answer = guest.post(f"/carts/{guest.cart()}/items", item)
    assert answer.json()["errors"] == {"unit_price": ["There is no such field."]}


def test_cart_there_is_not_is_a_problem(guest):
    assert guest.get(f"/carts/{uuid4()}").status_code == 404
    assert guest.get("/carts/none").json()["errors"] == {"cart_id": ["This must be an id (UUID)."]}
