"""What goes back for returned units: exact to the cent, however an order is split into returns."""

from decimal import Decimal

from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from eventbus.testing import free_to_emit
from orders.create import create
from orders.events import OrderLine, Tax
from orders.models import Order, Return
from orders.refund_shares import next_share, split
from orders.services import refuse_return, request_return
from orders.validation import goods_of, price_of
from tests.builders import order_details

cents = st.integers(0, 100_000)


def money(cents: int) -> Decimal:
    return Decimal(cents).scaleb(-2)


@for_all(cents, st.lists(cents, min_size=1, max_size=6))
def test_parts_add_up_to_the_whole_and_are_no_larger_than_what_they_are_parts_of(amount, weights):
    amount = min(amount, sum(weights))
    parts = split(amount, weights)
    assert sum(parts) == amount
    assert all(0 <= part <= weight for part, weight in zip(parts, weights, strict=True))


@for_all(cents, st.data())
def test_units_in_any_portions_are_worth_their_line(amount, data):
    quantity = data.draw(st.integers(1, 50))
    back = given = 0
    while back < quantity:
        units = data.draw(st.integers(1, quantity - back))
        back += units
        worth = next_share(amount, back, quantity, given)
        assert worth >= 0
        given += worth
        assert given <= amount
    assert given == amount


def test_what_was_given_too_much_is_made_up_for_by_the_units_that_follow():
    """Of ten units for 0.05 those worth 0.00 were refused, so that five are worth it all."""
    assert [next_share(5, units, 10, given=5) for units in (6, 8, 10)] == [0, 0, 0]


@st.composite
def drafts(draw):
    """Orders of any price: with a discount, tax on top or included, shipping, points."""
    lines = []
    for number in range(1, draw(st.integers(1, 3)) + 1):
        quantity, price = draw(st.integers(1, 4)), draw(st.integers(0, 2_000))
        discount, tax = draw(st.integers(0, quantity * price)), draw(st.integers(0, 300))
        lines.append(
            OrderLine(
                line=number,
                sku=f"S{number}",
                title="Thing",
                quantity=quantity,
                unit_price=money(price),
                discount=money(discount),
                tax=money(tax),
            )
        )
    tax = sum((line.tax for line in lines), Decimal(0))
    whole = order_details(
        lines=tuple(lines),
        customer_id="ada",
        shipping_cost=money(draw(st.integers(0, 900))),
        discount=sum((line.discount for line in lines), Decimal(0)),
        tax_included=draw(st.booleans()),
        tax=tax,
        taxes=(Tax(rate=Decimal(20), net=Decimal(0), amount=tax),),
    )
    value = draw(st.integers(0, int(price_of(whole).scaleb(2))))
    points = draw(st.integers(1, 5_000)) if value else 0
    return order_details(**{**dict(whole), "points": points, "points_value": money(value)})


def delivered(details) -> Order:
    with free_to_emit():
        order = create(details)
    Order.objects.filter(pk=order.pk).update(
        state="completed", delivered_at=order.placed_at, captured_total=order.total.amount
    )
    return Order.objects.get(pk=order.pk)


def goods(details) -> Decimal:
    """Return what the goods cost, before points."""
    on_top = Decimal(0) if details.tax_included else details.tax
    return goods_of(details) - details.discount + on_top


class EverySplit(TestCase):
    @settings(max_examples=30, deadline=None)
    @for_all(drafts(), st.data())
    def test_returning_everything_gives_back_just_what_was_paid_for_the_goods(self, details, data):
        """However it is split, and whatever was refused in between and asked for again."""
        order, left = delivered(details), {line.line: line.quantity for line in details.lines}
        due = max(goods(details) - details.points_value, Decimal(0))
        while any(left.values()):
            units = data.draw(portions(left))
            back = request_return(order.id, units)
            assert all(line.amount >= 0 for line in back.lines.all())
            if data.draw(st.integers(0, 3)) == 0:
                refuse_return(back.id, by="sam", reason="worn")
                continue
            for number, count in units.items():
                left[number] -= count
            assert amount_of(order) <= due <= order.total.amount
            assert points_of(order) <= details.points
        assert amount_of(order) == due
        if details.points_value <= goods(details):
            assert points_of(order) == details.points


def accepted(order) -> list[Return]:
    return list(order.returns.exclude(state=Return.State.REFUSED))


def amount_of(order) -> Decimal:
    return sum((back.amount for back in accepted(order)), Decimal(0))


def points_of(order) -> int:
    return sum(back.points for back in accepted(order))


def portions(left: dict[int, int]):
    """Some of what is left, of at least one line."""
    some = {number: st.integers(0, units) for number, units in left.items() if units}
    wanted = st.fixed_dictionaries(some).map(lambda all: {n: u for n, u in all.items() if u})
    return wanted.filter(bool)
