"""The cart, as the rest of the shop uses it."""

import pytest

from eventbus.testing import emitted, settle
from shop.events import CartUpdated, ItemAdded, ItemRemoved
from shop.storefront import cart
from shop.storefront.cart import CartFull, CartRefusal
from shop.storefront.models import Cart
from tests.unit.api.asking import Caller
from tests.unit.storefront.conftest import listed, put

pytestmark = pytest.mark.django_db


@pytest.fixture
def filled_cart(mug) -> Cart:
    """A cart with two mugs."""
    filled_cart = Cart.objects.create()
    cart.add(filled_cart, "MUG", 2)
    return filled_cart


def units(filled_cart: Cart) -> dict[str, int]:
    return {item.sku: item.quantity for item in filled_cart.items.all()}


@pytest.mark.parametrize("quantity", [0, -1, 998, 10**9])
def test_wrong_quantity_is_refused_and_changes_nothing(filled_cart, quantity):
    with pytest.raises(CartRefusal):
        cart.add(filled_cart, "MUG", quantity)
    assert units(filled_cart) == {"MUG": 2}
    assert len(emitted(ItemAdded)) == 1


@pytest.mark.parametrize("quantity", [0, -1, 1000, 10**9])
def test_change_to_wrong_quantity_is_refused_and_changes_nothing(filled_cart, quantity):
    with pytest.raises(CartRefusal):
        cart.change(filled_cart, "MUG", quantity)
    assert units(filled_cart) == {"MUG": 2}


def test_unknown_or_hidden_product_is_refused(filled_cart):
    hidden = listed("HIDDEN").product
    hidden.published = False
    hidden.save()
    for sku in ("NOTHING", "HIDDEN"):
        with pytest.raises(CartRefusal):
            cart.add(filled_cart, sku)
        with pytest.raises(CartRefusal):
            cart.change(filled_cart, sku, 2)
    assert units(filled_cart) == {"MUG": 2}


def test_change_emits_the_units_that_came_or_went(filled_cart):
    cart.change(filled_cart, "MUG", 5)
    cart.change(filled_cart, "MUG", 1)
    cart.change(filled_cart, "MUG", 1)
    assert units(filled_cart) == {"MUG": 1}
    assert [event.quantity for event in emitted(ItemAdded)] == [2, 3]
    assert [event.quantity for event in emitted(ItemRemoved)] == [4]


def test_several_changes_at_once_are_emitted_as_one_update(filled_cart):
    cart.change(filled_cart, "MUG", 5)
    settle()
    assert [event.lines[0].quantity for event in emitted(CartUpdated)] == [5]


def test_ordered_cart_takes_nothing_more(filled_cart):
    Cart.objects.update(ordered_at=filled_cart.created_at)
    for act in (cart.add, cart.change, cart.remove):
        with pytest.raises(CartRefusal, match="ordered"):
            act(filled_cart, "MUG", 1)
    assert units(filled_cart) == {"MUG": 2}


def test_title_longer_than_a_cart_keeps_is_cut():
    variant = listed("LONG")
    variant.product.title = "x" * 250
    variant.product.save()
    variant.option_values = ["y" * 100]
    variant.save()
    assert len(cart.add(Cart.objects.create(), "LONG").title) == 255


def test_claimed_cart_is_emitted_with_its_owner(filled_cart):
    assert cart.claim(filled_cart, "user-1", "ada@example.com", "EUR") == filled_cart
    updated = emitted(CartUpdated)[-1]
    assert (updated.customer_id, updated.email) == ("user-1", "ada@example.com")


def test_claimed_cart_goes_into_the_one_left_open_earlier(filled_cart):
    listed("POT")
    earlier = Cart.objects.create(customer_id="user-1")
    cart.add(earlier, "MUG", 998)
    cart.add(filled_cart, "POT", 1)
    assert cart.claim(filled_cart, "user-1", "ada@example.com", "EUR") == earlier
    assert units(earlier) == {"MUG": 999, "POT": 1}
    assert units(filled_cart) == {}


def test_nothing_to_claim_is_no_cart():
    assert cart.claim(None, "user-1", "ada@example.com", "EUR") is None


class TestRoom:
    @pytest.fixture
    def full(self, filled_cart, monkeypatch) -> Cart:
        """Takes one article more than it has."""
        monkeypatch.setattr(cart, "MOST_LINES", 2)
        return filled_cart

    def test_a_cart_takes_so_many_articles_and_says_when_it_is_full(self, full):
        listed("POT")
        listed("CUP")
        cart.add(full, "POT")
        with pytest.raises(CartFull, match="it takes 2 articles"):
            cart.add(full, "CUP")
        assert units(full) == {"MUG": 2, "POT": 1}

    def test_a_full_cart_takes_more_of_what_is_in_it(self, full):
        listed("POT")
        cart.add(full, "POT")
        cart.add(full, "MUG")
        cart.change(full, "POT", 4)
        assert units(full) == {"MUG": 3, "POT": 4}

    def test_a_cart_takes_no_more_words_than_an_order_of_it(self, filled_cart, settings):
        settings.EVENTBUS_MAX_EVENT = 1024
        cart.add(filled_cart, listed("POT").sku)
        with pytest.raises(CartFull):
            cart.add(filled_cart, listed("CUP").sku)

    def test_the_program_is_told_which_field_is_wrong(self, full):
        listed("POT")
        listed("CUP")
        cart.add(full, "POT")
        answer = Caller().post(f"/carts/{full.pk}/items", {"sku": "CUP", "quantity": 1})
        assert answer.status_code == 422
        assert "it takes 2 articles" in str(answer.json()["errors"]["sku"])

    def test_a_page_says_so_too(self, client, full, monkeypatch):
        put(client, "MUG")
        monkeypatch.setattr(cart, "MOST_LINES", 1)
        listed("POT")
        answer = put(client, "POT")
        assert answer.status_code == 422
        assert "it takes 1 articles" in answer.content.decode()

    def test_what_is_told_of_a_change_does_not_grow_with_the_cart(self, filled_cart):
        for number in range(cart.LINES_IN_EVENT + 3):
            cart.add(filled_cart, listed(f"SKU{number}").sku)
        settle()
        event = emitted(CartUpdated)[-1]
        assert (len(event.lines), event.more) == (cart.LINES_IN_EVENT, 4)
        assert event.total == sum(i.quantity * i.unit_price.amount for i in filled_cart.items.all())
