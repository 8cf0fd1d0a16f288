"""A small shop to click through: no other app has to be there."""

from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from django.test import Client
from djmoney.money import Money

from catalogue.models import Availability, Category, Image, Product, Variant
from orders.models import Order
from orders.services import place_order
from pricing.services import Shopper
from shop import accounts
from shop.checkout.summary import CheckoutSummary
from shop.storefront import cart_view
from shop.storefront.forms import CheckoutForm
from shop.storefront.models import Cart
from tests.builders import order_details, order_line
from tests.unit.storefront.facts import Facts
from tests.unit.storefront.people import account, prove
from tests.walking import only_context

APPROVED, CHALLENGED = "4242 4242 4242 4242", "4000 0000 0000 3220"


def listed(sku: str, price: str = "10.00", *, category: Category | None = None) -> Variant:
    """A product with one variant and a picture; its handle is the SKU in lower case."""
    product = Product.objects.create(handle=sku.lower(), title=sku.title(), category=category)
    variant = Variant.objects.create(product=product, sku=sku, price=Money(price, "EUR"))
    Image.objects.create(product=product, src=f"shop/{sku}.svg")
    return variant


def available(sku: str, units: int) -> None:
    Availability.objects.update_or_create(sku=sku, defaults={"available": units, "revision": 1})


def put(client, sku: str, quantity=1):
    """Send the product page's form."""
    return client.post(f"/products/{sku.lower()}/{sku}/", {"quantity": quantity})


def held(client) -> dict[str, int]:
    """Return what the browser's cart holds, units by SKU."""
    cart_id = client.session.get("cart")
    items = Cart.objects.get(pk=cart_id).items.all() if cart_id else []
    return {item.sku: item.quantity for item in items}


#: An address in each of some countries.
ADDRESSES = {
    "GB": {"line1": "1 Main St", "postcode": "N1 9GU", "city": "London"},
    "FR": {"line1": "1 rue de la Paix", "postcode": "75002", "city": "Paris"},
    "AT": {"line1": "Lindenstrasse 12", "postcode": "1010", "city": "Wien"},
    "US": {"line1": "1 Main St", "postcode": "90001", "city": "Los Angeles", "region": "CA"},
    "CA": {"line1": "1 Main St", "postcode": "M5V 3L9", "city": "Toronto", "region": "ON"},
    "BR": {"line1": "Rua A 1", "postcode": "40301-110", "city": "Salvador", "region": "BA"},
}


def filled_in(client, **changes) -> dict:
    """The checkout form, filled in by somebody who looks at the page first."""
    form = {
        "key": str(uuid4()),
        "email": "ada@example.com",
        "name": "Ada Lovelace",
        "country": "GB",
        "shipping": "standard",
        "test_card": APPROVED,
        **ADDRESSES.get(changes.get("country", "GB"), {}),
        **changes,
    }
    with only_context():
        return {"total": looked_at(client, form).context["quote"].total, **form}


def agreed(cart: Cart, shopper: Shopper, form: dict) -> CheckoutSummary:
    """Return what is known of a shopper who sends this form for a cart."""
    sent = CheckoutForm(form)
    assert sent.is_valid(), sent.errors
    return CheckoutSummary(shopper, cart_view.lines_of(cart), sent)


def looked_at(client, form: dict, update: str = "code"):
    """The checkout page after its button for an update was pressed."""
    page = client.post("/checkout/", {**form, "update": update})
    assert page.status_code == 200
    return page


def placed(customer_id: str | None = None, key: str | None = None) -> Order:
    """An order of 2 mugs at 10.00 and a pot at 5.50, 4.90 for delivery: 30.40."""
    mugs = order_line(1, "MUG", title="Mug", quantity=2, unit_price=Decimal("10.00"))
    pot = order_line(2, "POT", title="Pot", unit_price=Decimal("5.50"))
    return place_order(order_details(lines=[mugs, pot], customer_id=customer_id), key=key)


@pytest.fixture
def mug() -> Variant:
    return listed("MUG")


@pytest.fixture
def order() -> Order:
    return placed()


@pytest.fixture
def facts(order) -> Facts:
    return Facts(order)


@pytest.fixture
def ada(client):
    """Has an account, and has just given its password."""
    user = account()
    client.force_login(user)
    prove(client)
    return user


@pytest.fixture
def me(ada) -> str:
    return accounts.customer_id(ada)


@pytest.fixture
def shopper(client, mug) -> Client:
    """Has two mugs at 10.00 in the cart; standard delivery is 4.90."""
    put(client, "MUG", 2)
    return client


@pytest.fixture
def elsewhere() -> UUID:
    """An id of nothing."""
    return uuid4()
