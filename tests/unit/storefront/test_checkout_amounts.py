"""From the cart to the last return: no cent and no point is lost or invented."""

from decimal import Decimal
from uuid import uuid4

from django.utils import timezone
from djmoney.money import Money
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from catalogue.models import Product, Variant
from orders.models import Order, Return
from orders.services import request_return
from pricing.promotions import Shopper
from pricing.quoting import Quote, quote
from shop.checkout import order_placement
from shop.checkout.delivery import METHODS, Method
from shop.storefront import cart_view
from shop.storefront.models import Cart, Points
from tests.unit.pricing.facts import amount_off, free_shipping, percent_off, zone
from tests.unit.storefront.conftest import ADDRESSES, APPROVED, agreed, listed

ADA = Shopper("ada", "ada@example.com", points=100_000)
CLASSES = ("standard", "reduced", "zero")

cents = st.integers(1, 9_999).map(lambda n: Decimal(n).scaleb(-2))
bought = st.dictionaries(st.sampled_from(CLASSES), st.tuples(cents, st.integers(1, 4)), min_size=1)


class EveryOrder(TestCase):
    @classmethod
    def setUpTestData(cls):
        zone("AT", standard="20", reduced="10")
        zone("CA", included=False, standard="5", reduced="2.625")
        percent_off("TENTH", value="12.34")
        amount_off("FIVE")
        free_shipping("FREE")
        Points.objects.create(customer_id=ADA.customer_id, balance=ADA.points, revision=1)
        for tax_class in CLASSES:
            listed(tax_class)
            Product.objects.filter(handle=tax_class).update(tax_class=tax_class)

    @settings(max_examples=25, deadline=None)
    @for_all(
        goods=bought,
        country=st.sampled_from(["AT", "CA", "BR"]),
        method=st.sampled_from(list(METHODS.values())),
        code=st.sampled_from(["", "TENTH", "FIVE", "FREE"]),
        points=st.integers(0, 20_000),
        data=st.data(),
    )
    def test_what_was_quoted_is_ordered_and_comes_back_whole(
        self, goods, country, method, code, points, data
    ):
        cart = cart_of(goods)
        quoted = quoted_for(cart, country, method, code, points)
        seen = agreed(cart, ADA, form(quoted, country, method, points))
        order = order_placement.place(cart, seen, seen.card(), "")
        assert order.total.amount == quoted.total
        Order.objects.filter(pk=order.pk).update(state="completed", delivered_at=timezone.now())
        backs = send_all_back(order, data)
        whole = paid_for_goods(quoted)
        assert sum(back.amount for back in backs) == max(whole - quoted.points_value, Decimal(0))
        if quoted.points_value <= whole:
            assert sum(back.points for back in backs) == quoted.points


def send_all_back(order: Order, data: st.DataObject) -> list[Return]:
    """Everything goes back, some units of some line at a time."""
    left, backs = {line.line: line.quantity for line in order.lines.all()}, []
    while some := sorted(line for line in left if left[line]):
        line = data.draw(st.sampled_from(some))
        units = data.draw(st.integers(1, left[line]))
        backs.append(request_return(order.pk, {line: units}))
        left[line] -= units
    return backs


def cart_of(goods: dict[str, tuple[Decimal, int]]) -> Cart:
    cart = Cart.objects.create()
    for sku, (price, units) in goods.items():
        Variant.objects.filter(sku=sku).update(price=Money(price, "EUR"))
        cart.items.create(sku=sku, title=sku, quantity=units, unit_price=Money(price, "EUR"))
    return cart


def quoted_for(cart: Cart, country: str, method: Method, code: str, points: int) -> Quote:
    lines = [line.priced for line in cart_view.lines_of(cart)]
    about = {"shipping": method.cost, "code": code, "points": points}
    return quote(lines, shopper=ADA, **method.taxed_at(country), **about)


def form(quoted: Quote, country: str, method: Method, points: int) -> dict:
    """Return what the shopper sends who was shown this quote."""
    return {
        "key": uuid4(),
        "email": ADA.email,
        "name": "Ada",
        "country": country,
        **ADDRESSES[country],
        "shipping": method.code,
        "test_card": APPROVED,
        "total": quoted.total,
        "code": quoted.promotion or "",
        "points": points,
    }


def paid_for_goods(quoted: Quote) -> Decimal:
    """Return what the goods cost, before points."""
    on_top = Decimal(0) if quoted.tax_included else sum(line.tax for line in quoted.lines)
    return quoted.goods - sum(line.discount for line in quoted.lines) + on_top
