"""Rounding, and spreading an amount without losing a cent."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.amounts import rounded, spread

cents = st.integers(0, 10**7).map(lambda n: Decimal(n) / 100)
parts = st.lists(cents, min_size=1, max_size=30)


@pytest.mark.parametrize(
    ("amount", "expected"), [("0.005", "0.01"), ("0.015", "0.02"), ("0.0249", "0.02")]
)
def test_half_a_cent_is_rounded_up(amount, expected):
    assert rounded(Decimal(amount)) == Decimal(expected)


@given(parts, st.data())
def test_shares_add_up_and_none_is_more_than_its_part(over, data):
    whole = int(sum(over) * 100)
    amount = Decimal(data.draw(st.integers(0, whole))) / 100
    shares = spread(amount, over)
    assert sum(shares) == amount
    assert all(0 <= share <= part for share, part in zip(shares, over, strict=True))


@given(parts)
def test_whole_amount_takes_each_part_whole(over):
    assert spread(sum(over, Decimal(0)), over) == over


def test_nothing_is_spread_over_what_costs_nothing():
    assert spread(Decimal(0), [Decimal(0), Decimal(0)]) == [0, 0]
