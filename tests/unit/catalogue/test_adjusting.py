"""A price is another one for a while: whoever states it, it is what the variant costs."""

from datetime import timedelta
from decimal import Decimal
from itertools import permutations

import pytest
from django.db import transaction
from djmoney.money import Money

from catalogue.events import PriceAdjusted, PriceResetDue
from catalogue.models import LARGEST_PRICE, Product, Variant
from catalogue.search.models import Listing
from eventbus import now
from eventbus.exceptions import InvalidEvent
from eventbus.testing import emit, emitted, given, redeliver, settle

pytestmark = pytest.mark.django_db


class Surged(PriceAdjusted):
    """The tests adjust a price."""


def surged(factor: str = "1.5", **changes) -> Surged:
    return Surged(**{"sku": "MUG", "factor": Decimal(factor), "seconds": 60, **changes})


@pytest.fixture
def mug() -> Variant:
    return listed("10.00")


def listed(price: str) -> Variant:
    product = Product.objects.create(handle="mug", title="Mug")
    return Variant.objects.create(product=product, sku="MUG", price=Money(price, "EUR"))


def shown() -> set[Decimal]:
    """What the mug costs, by itself and in a list."""
    variant, listing = Variant.objects.get(sku="MUG"), Listing.objects.get()
    return {variant.current_price.amount, listing.price_min, listing.price_max}


def let_it_end() -> None:
    """As if its time were over: the deadline was emitted for that moment."""
    Variant.objects.update(price_factor_until=now() - timedelta(hours=1))
    settle(scheduled=True)


def test_an_adjusted_variant_costs_its_price_times_the_factor(mug):
    given(surged("1.35"), to="catalogue")
    assert shown() == {Decimal("13.50")}
    mug.refresh_from_db()
    assert mug.price == Money("10.00", "EUR")


@pytest.mark.parametrize(
    ("price", "factor", "adjusted"),
    [
        ("0.01", "0.50", "0.01"),
        ("0.05", "1.10", "0.06"),
        ("19.99", "1.25", "24.99"),
        ("0.00", "3", "0.00"),
        (str(LARGEST_PRICE), "3", str(LARGEST_PRICE)),
    ],
)
def test_half_a_cent_goes_up_in_lists_as_well_and_no_price_is_too_large(price, factor, adjusted):
    listed(price)
    given(surged(factor), to="catalogue")
    assert shown() == {Decimal(adjusted)}


def test_it_ends_by_itself_when_nobody_is_there_to_end_it(mug):
    given(surged(), to="catalogue")
    Variant.objects.update(price_factor_until=now() - timedelta(hours=1))
    assert Variant.objects.get().current_price == mug.price


def test_lists_show_the_price_itself_when_the_deadline_comes(mug):
    given(surged(seconds=90), to="catalogue")
    let_it_end()
    assert shown() == {Decimal(10)}
    assert len(emitted(PriceResetDue, sku="MUG")) == 1


def test_a_factor_of_one_ends_it_early(mug):
    given(surged(), surged("1"), to="catalogue")
    assert shown() == {Decimal(10)}


def test_the_deadline_of_an_older_adjustment_does_not_end_a_newer_one(mug):
    given(surged("1.2"), surged("1.4", seconds=3600), to="catalogue")
    settle(scheduled=True)
    assert shown() == {Decimal(14)}


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_last_that_occurred_counts_in_whatever_order_they_come(mug, order):
    events = [surged("1.2"), surged("2"), surged("1.4")]
    with transaction.atomic():
        for event in events:
            emit(event)
    settle(but=["catalogue"])
    redeliver(*(events[number] for number in order), events[0], to="catalogue")
    assert shown() == {Decimal(14)}


def test_a_price_that_staff_change_meanwhile_is_adjusted_as_well(mug):
    given(surged(), to="catalogue")
    # Read before that: how it is adjusted is not theirs to write.
    mug.price = Money("20.00", "EUR")
    mug.save()
    assert shown() == {Decimal(30)}


def test_a_former_price_is_one_that_was_above_the_present_one(mug):
    mug.compare_at_price = Money("12.00", "EUR")
    mug.save()
    assert Variant.objects.get().reduced
    given(surged(), to="catalogue")
    assert not Variant.objects.get().reduced
    assert not Listing.objects.get().reduced


def test_of_what_is_not_listed_there_is_no_price_to_adjust():
    given(surged(), to="catalogue")
    settle(scheduled=True)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("factor", factor) for factor in ("0.49", "3.01", "1.005", "NaN", "-1")),
        *(("seconds", seconds) for seconds in (0, 86_401, "soon")),
    ],
)
def test_beyond_its_bounds_it_is_no_event(field, value):
    data = {"sku": "MUG", "factor": "1", "seconds": 1, field: value}
    with pytest.raises(InvalidEvent, match=field):
        Surged.from_data(data)
