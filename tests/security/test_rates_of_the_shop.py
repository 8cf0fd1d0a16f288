"""Whoever tries too often waits: for orders, codes, carts and mails of a shop."""

from uuid import UUID, uuid4

import pytest
from uuid6 import uuid7

from eventbus.testing import emitted
from pricing.models import Promotion, Redemption
from shop.events import BackInStockAlertRequested, CartUpdated
from shop.ratelimit import limits
from shop.ratelimit.rates import Rate
from tests.unit.api.asking import Caller
from tests.unit.storefront.conftest import available, listed, placed

pytestmark = pytest.mark.django_db


def test_orders_are_not_found_by_trying(client, world, strict):
    there, other = world.order.pk, "00000000-0000-4000-8000-000000000000"
    assert client.get(f"/orders/{other}/").status_code == 404
    for page in ("", "invoice.pdf", "pay/", "return/", "challenge/"):
        answer = client.get(f"/orders/{there}/{page}")
        assert answer.status_code == 429, page
        assert int(answer["Retry-After"]) <= 60


def test_no_neighbour_of_an_orders_address_is_another_order(client, world, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"order": Rate(1000, 60)}
    listed("POT")
    near = placed().pk.int
    for step in (1, -1, 1 << 64, -(1 << 64), 1 << 80, -(1 << 80)):
        assert client.get(f"/orders/{UUID(int=near + step)}/").status_code == 404


def test_but_for_the_time_an_orders_address_is_chance():
    """74 bits of it; each is as often set as not."""
    ids = [uuid7().int for _ in range(2000)]
    chance = [bit for bit in range(80) if bit not in (62, 63, 76, 77, 78, 79)]
    for bit in chance:
        assert 800 < sum(id >> bit & 1 for id in ids) < 1200


def test_wishes_are_not_made_without_end(client, world, strict):
    answers = [client.post("/back-in-stock/MUG/", {}).status_code for _ in range(2)]
    assert answers[1] == 429


@pytest.mark.parametrize("path", ["/signup/", "/password-reset/", "/account/emails/"])
def test_forms_that_send_a_mail_to_any_address_count_together(client, world, strict, path):
    assert client.post("/password-reset/", {"email": "a@shop.example"}).status_code == 302
    answer = client.post(path, {"email": "b@shop.example", "action_add": ""})
    assert answer.status_code == 429


def test_wishes_for_others_count_with_the_forms_that_send_mails(client, world, strict):
    listed("POT")
    available("POT", 0)
    assert client.post("/password-reset/", {"email": "a@shop.example"}).status_code == 302
    assert client.post("/back-in-stock/POT/", {"email": "b@shop.example"}).status_code == 429
    assert not emitted(BackInStockAlertRequested)
    client.force_login(world.owner)
    limits.reset("wish", "127.0.0.1")
    assert client.post("/back-in-stock/POT/", {"email": world.owner.email}).status_code == 302
    assert emitted(BackInStockAlertRequested)


def test_nobody_is_reminded_by_who_names_address_after_address(client, world, strict):
    client.post("/products/mug/MUG/", {"quantity": 1})
    for name in ("a", "b"):
        form = {"email": f"{name}@shop.example", "remind": "on", "update": ""}
        assert client.post("/checkout/", form).status_code == 200
    addresses = {event.email for event in emitted(CartUpdated) if event.email}
    assert addresses == {"a@shop.example"}


def test_codes_are_not_found_by_trying(client, world, strict):
    client.post("/products/mug/MUG/", {"quantity": 1})
    first, second = (
        client.post("/checkout/", {"update": "code", "code": code}) for code in ("GUESS", "AGAIN")
    )
    assert (first.status_code, second.status_code) == (200, 429)
    assert client.post("/checkout/", {"update": "code", "code": ""}).status_code == 200


def test_nor_by_the_api(world, strict):
    guest = Caller()
    wanted = {"cart_id": guest.cart(MUG=1), "country": "GB", "shipping": "standard"}
    answers = [guest.post("/quote", wanted | {"code": "GUESS"}).status_code for _ in range(2)]
    assert answers == [422, 429]
    assert guest.post("/quote", wanted).status_code == 200


def test_a_code_is_not_found_by_ordering_by_the_api(world, strict, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"checkout": Rate(1000, 60)}
    guest = Caller()
    wanted = {**guest.wish(guest.cart(MUG=1)), "code": "GUESS"}
    answers = [guest.post("/orders", wanted, key=key).status_code for key in ("a", "b", "c")]
    assert answers == [422, 429, 429]


def test_a_cart_is_not_changed_without_end(client, world, strict):
    put = [client.post("/products/mug/MUG/", {"quantity": 1}).status_code for _ in range(2)]
    assert put == [302, 429]
    for page in ("change", "remove", "undo"):
        assert client.post(f"/cart/{page}/", {"sku": "MUG", "quantity": 2}).status_code == 429


def test_nor_by_the_api_beside_the_pages(world, strict):
    guest = Caller()
    cart = guest.cart(MUG=1)
    answer = guest.post(f"/carts/{cart}/items", {"sku": "MUG", "quantity": 1})
    assert (answer.status_code, int(answer["Retry-After"]) > 0) == (429, True)


def test_nobody_orders_without_end(client, world, strict):
    client.post("/products/mug/MUG/", {"quantity": 1})
    answers = [client.post("/checkout/", {}).status_code for _ in range(2)]
    assert answers == [422, 429]


def test_no_quote_tells_whether_an_address_has_used_a_code(world):
    code = Promotion.objects.create(code="ONCE", kind="fixed", value=1, limit_per_customer=1)
    Redemption.objects.create(promotion=code, order_id=uuid4(), email="used@example.com")
    guest = Caller()
    wanted = {"cart_id": guest.cart(MUG=1), "country": "GB", "code": "ONCE"}
    used, fresh = (
        guest.post("/quote", {**wanted, "email": f"{name}@example.com"}) for name in ("used", "new")
    )
    assert (used.status_code, used.json()) == (200, fresh.json())
    refused = guest.order(wanted["cart_id"], code="ONCE", email="used@example.com")
    assert (refused.status_code, list(refused.json()["errors"])) == (422, ["code"])
