"""Through the front door: what an order, its products and its returns are made of."""

from collections import Counter
from decimal import Decimal

import pytest

from catalogue.models import Variant
from devtools.replay.day import Day, SentBack
from devtools.replay.options import Options
from devtools.replay.placing import FrontDoor
from devtools.replay.reading import read_rows
from devtools.replay.stories import Stories
from eventbus.testing import emitted
from inventory.models import Stock
from orders.errors import CannotReturn
from orders.events import OrderPlaced
from orders.models import Order
from tests.unit.replay.conftest import row

pytestmark = pytest.mark.django_db


@pytest.fixture
def placed(file):
    """Places what these rows order, and returns the orders as emitted."""

    def place(*rows, **options) -> list[OrderPlaced]:
        before = len(emitted(OrderPlaced))
        day = Day(read_rows(file(*rows)))
        door = FrontDoor(day, Options(**options), Stories())
        for step in day.steps:
            door.take(step)
        return emitted(OrderPlaced)[before:]

    return place


def declined(orders: list[OrderPlaced]) -> list[bool]:
    return [order.card.last4 == "0002" for order in orders]


def stock() -> dict[str, int]:
    return dict(Stock.objects.values_list("sku", "received"))


def test_an_order_is_as_the_file_says_without_tax_and_shipping_cost(placed):
    (order,) = placed(row(quantity=6, price="2.55"), row(code="71053", quantity=2, price="3.39"))
    lines = [(n.line, n.sku, n.title, n.quantity, n.unit_price) for n in order.lines]
    assert lines == [
        (1, "85123A", "LANTERN", 6, Decimal("2.55")),
        (2, "71053", "LANTERN", 2, Decimal("3.39")),
    ]
    assert (order.total, order.shipping_cost, order.currency) == (Decimal("22.08"), 0, "GBP")


def test_the_order_bears_the_number_of_its_invoice_as_its_reference(placed):
    placed(row("536365"))
    assert Order.objects.get().reference == "536365"


def test_a_customer_orders_under_their_number(placed):
    (order,) = placed(row(customer="17850.0"))
    assert (order.customer_id, order.email) == ("retail-17850", "retail-17850@customers.example")


def test_a_guest_orders_under_the_number_of_the_invoice(placed):
    (order,) = placed(row("536544", customer=""))
    assert (order.customer_id, order.email) == (None, "guest-536544@customers.example")


@pytest.mark.parametrize(
    ("country", "code"), [("United Kingdom", "GB"), ("EIRE", "IE"), ("Unspecified", "ZZ")]
)
def test_the_parcel_goes_to_the_customers_country_where_the_card_is_from(placed, country, code):
    (order,) = placed(row(country=country))
    assert (order.ship_to.country, order.card.country) == (code, code)


def test_a_customer_has_one_card_and_others_have_others(placed):
    first, again, other = placed(row("1"), row("2"), row("3", customer="1"))
    assert first.card.fingerprint == again.card.fingerprint != other.card.fingerprint


def test_a_product_is_listed_at_the_price_it_is_first_sold_at(placed):
    placed(row("1", price="2.55"), row("2", price="2.10"))
    assert [(v.sku, v.price.amount) for v in Variant.objects.all()] == [("85123A", Decimal("2.55"))]


@pytest.mark.parametrize(
    ("description", "title"), [("", "85123A"), ("L" * 300, "L" * 255), ("CAFÉ", "CAFÉ")]
)
def test_a_product_is_called_as_described_or_by_its_code(placed, description, title):
    (order,) = placed(row().replace("LANTERN", description))
    assert order.lines[0].title == Variant.objects.get().product.title == title


def test_there_is_enough_stock_for_the_whole_day(placed):
    placed(row("1", quantity=6), row("2", quantity=4), row("3", code="71053", quantity=1))
    assert stock() == {"85123A": 10, "71053": 1}


def test_each_product_gets_the_stock_that_was_asked_for_once(placed):
    placed(row("1", quantity=6), row("2", quantity=40), stock=20)
    assert stock() == {"85123A": 20}


def test_products_can_be_sold_without_any_stock(placed):
    assert len(placed(row(), stock=0)) == 1
    assert stock() == {"85123A": 0}


def test_another_replay_brings_its_own_stock(placed):
    placed(row(quantity=6))
    placed(row(quantity=6))
    assert stock() == {"85123A": 12}


def test_about_the_share_asked_for_pays_with_a_declined_card(placed):
    rows = [row(str(number)) for number in range(60)]
    assert 10 <= sum(declined(placed(*rows, decline_rate=0.3))) <= 26


def test_the_seed_decides_who_pays_with_a_declined_card(placed):
    rows = [row(str(number)) for number in range(12)]
    first, again, other = (
        declined(placed(*rows, decline_rate=0.5, seed=seed)) for seed in (1, 1, 2)
    )
    assert first == again != other


def test_a_return_is_requested_of_the_lines_it_goes_back_to(placed):
    placed(row("1"), row("1", code="71053"), row("C2", code="71053", quantity=-4, minute=1))
    back = Order.objects.get().returns.get()
    assert [(line.order_line.sku, line.quantity) for line in back.lines.all()] == [("71053", 4)]


def test_a_step_that_is_asked_for_twice_is_taken_once(file):
    day = Day(read_rows(file(row("1"), row("C2", quantity=-2, minute=1))))
    door = FrontDoor(day, Options(), Stories())
    for step in day.steps:
        door.take(step)
        door._not_met = day.units_by_sku()
        door.take(step)
    assert Order.objects.get().returns.get().lines.get().quantity == 2
    assert stock() == {"85123A": 6}


def test_a_refused_return_of_an_order_that_goes_on_is_an_error(file):
    day = Day(read_rows(file(row("1"))))
    door = FrontDoor(day, Options(), Stories())
    (sale,) = day.steps
    door.take(sale)
    with pytest.raises(CannotReturn, match="line 1: 7 units wanted, 6 can go back"):
        door.take(SentBack("C2", sale.at, 1, {"1": Counter({1: 7})}))
