"""What an order costs."""

from decimal import Decimal

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from pricing.amounts import rounded
from pricing.errors import PointsRefused
from pricing.promotions import Shopper
from pricing.quoting import Item, quote
from tests.unit.pricing.facts import ADA, amount_off, free_shipping, items, percent_off, zone

pytestmark = pytest.mark.django_db

D = Decimal


def test_without_rate_nothing_is_taxed_and_it_is_said_so():
    quoted = quote(items("10.00"), country="BR", shipping=D("4.90"))
    assert (quoted.total, quoted.tax) == (D("14.90"), 0)
    assert [(tax.rate, tax.net, tax.amount) for tax in quoted.taxes] == [(0, D("14.90"), 0)]


def test_included_tax_is_within_the_price():
    zone("AT", standard="20")
    quoted = quote(items("12.00"), country="AT", shipping=D("6.00"))
    assert quoted.tax_included
    assert (quoted.total, quoted.tax) == (D("18.00"), D("3.00"))
    assert quoted.lines[0].tax == D("2.00")


def test_added_tax_is_on_top_of_the_price():
    zone("CA", included=False, standard="5")
    quoted = quote(items("10.00"), country="CA", shipping=D("4.90"))
    assert (quoted.tax, quoted.total) == (D("0.75"), D("15.65"))
    assert quoted.taxes[0].net == D("14.90")


def test_delivery_is_taxed_as_the_goods_it_brings():
    zone("DE", standard="19", reduced="7")
    goods = items("10.70", tax_class="reduced")
    quoted = quote(goods, country="DE", shipping=D("5.35"))
    assert [(tax.rate, tax.net, tax.amount) for tax in quoted.taxes] == [(7, D("15.00"), D("1.05"))]


def test_delivery_of_goods_at_several_rates_is_shared_out_by_what_they_cost():
    zone("DE", standard="19", reduced="7")
    goods = [
        *items("30.00"),
        *items("10.00", tax_class="reduced"),
        *items("0.00", tax_class="zero"),
    ]
    quoted = quote(goods, country="DE", shipping=D("4.90"))
    paid = {tax.rate: tax.net + tax.amount for tax in quoted.taxes}
    assert paid == {D(19): D("33.68"), D(7): D("11.22"), D(0): 0}
    assert quoted.total == D("44.90")


@pytest.mark.parametrize("price", ["0.00", "10.00"])
def test_delivery_is_taxed_at_the_standard_rate_where_a_setting_says_so_or_goods_are_free(
    settings, price
):
    settings.SHIPPING_TAX = "standard" if price != "0.00" else "goods"
    zone("DE", standard="19", reduced="7")
    quoted = quote(items(price, tax_class="reduced"), country="DE", shipping=D("11.90"))
    assert quoted.taxes[0].rate == D(19)
    assert quoted.taxes[0].amount == D("1.90")


def test_region_goes_before_its_country():
    zone("US", included=False, standard="0")
    zone("US", region="CA", included=False, standard="7.25")
    assert quote(items("100.00"), country="US", region="CA").tax == D("7.25")
    assert quote(items("100.00"), country="US", region="TX").tax == 0


def test_each_class_has_its_rate_and_zero_has_none():
    zone("AT", standard="20", reduced="10")
    goods = [
        Item("A", 1, D("12.00"), "standard"),
        Item("B", 2, D("11.00"), "reduced"),
        Item("C", 1, D("5.00"), "zero"),
    ]
    quoted = quote(goods, country="AT")
    assert [line.tax for line in quoted.lines] == [D("2.00"), D("2.00"), 0]
    assert [(tax.rate, tax.net, tax.amount) for tax in quoted.taxes] == [
        (D(20), D("10.00"), D("2.00")),
        (D(10), D("20.00"), D("2.00")),
        (D(0), D("5.00"), D(0)),
    ]


def test_percentage_is_off_the_goods_and_not_the_shipping():
    percent_off()
    quoted = quote(items("10.00", "5.00"), country="", shipping=D("4.90"), code="tenth")
    assert (quoted.promotion, quoted.discount) == ("TENTH", D("1.50"))
    assert quoted.total == D("18.40")


def test_amount_off_is_at_most_the_goods():
    amount_off()
    assert quote(items("3.00"), country="", shipping=D("4.90"), code="FIVE").total == D("4.90")


def test_free_shipping_is_a_discount_that_no_line_has():
    free_shipping()
    zone("AT", standard="20")
    quoted = quote(items("12.00"), country="AT", shipping=D("4.90"), code="FREE")
    assert (quoted.shipping, quoted.discount, quoted.total) == (D("4.90"), D("4.90"), D("12.00"))
    assert (quoted.lines[0].discount, quoted.tax) == (0, D("2.00"))


@pytest.mark.parametrize(
    ("made", "prices", "shipping"),
    [
        (free_shipping, ["10.00"], "0.00"),
        (percent_off, ["0.00"], "4.90"),
        (percent_off, ["0.04"], "4.90"),
        (amount_off, ["0.00"], "4.90"),
    ],
)
def test_a_code_that_takes_nothing_off_is_not_used(made, prices, shipping):
    code = made().code
    quoted = quote(items(*prices), country="AT", shipping=Decimal(shipping), code=code)
    assert (quoted.promotion, quoted.idle, quoted.discount) == (None, code, 0)


def test_points_pay_a_part():
    quoted = quote(items("10.00"), country="", points=120, shopper=ADA)
    assert (quoted.points, quoted.points_value, quoted.total) == (120, D("1.20"), D("8.80"))
    assert quoted.most_points == 500


def test_points_pay_no_more_than_there_is_to_pay():
    quoted = quote(items("2.00"), country="", points=500, shopper=ADA)
    assert (quoted.points, quoted.most_points, quoted.total) == (200, 200, 0)


def test_points_pay_added_tax_too():
    zone("CA", included=False, standard="5")
    quoted = quote(items("2.00"), country="CA", points=500, shopper=ADA)
    assert (quoted.points, quoted.total) == (210, 0)


def test_more_points_than_there_are_is_refused():
    with pytest.raises(PointsRefused, match="You have 500 points"):
        quote(items("10.00"), country="", points=501, shopper=ADA)


CENTS = st.integers(0, 10**6).map(lambda n: Decimal(n) / 100)
ITEMS = st.lists(
    st.builds(
        Item,
        st.just("SKU"),
        st.integers(1, 99),
        CENTS,
        st.sampled_from(["standard", "reduced", "zero"]),
    ),
    min_size=1,
    max_size=12,
)


class TestSums(TestCase):
    """Whatever is bought: every sum is exact."""

    @classmethod
    def setUpTestData(cls):
        zone("AT", standard="20", reduced="10")
        zone("CA", included=False, standard="5", reduced="2.625")
        percent_off("TENTH", value="12.34")
        amount_off("FIVE")
        free_shipping("FREE")

    @given(
        ITEMS,
        CENTS,
        st.sampled_from(["AT", "CA", "BR"]),
        st.sampled_from(["", "TENTH", "FIVE", "FREE"]),
        st.integers(0, 10**6),
    )
    def test_parts_add_up(self, goods, shipping, country, code, points):
        shopper = Shopper("user-1", points=10**6)
        quoted = quote(
            goods, country=country, shipping=shipping, code=code, points=points, shopper=shopper
        )
        of_lines = sum(line.discount for line in quoted.lines)
        assert of_lines + quoted.off_shipping == quoted.discount
        assert sum(tax.amount for tax in quoted.taxes) == quoted.tax
        added = 0 if quoted.tax_included else quoted.tax
        gross = quoted.goods - quoted.discount + quoted.shipping + added
        assert sum(tax.net + tax.amount for tax in quoted.taxes) == gross
        assert quoted.total == gross - quoted.points_value
        assert quoted.total >= 0

    @given(ITEMS, CENTS, st.sampled_from(["AT", "CA"]), st.sampled_from(["", "TENTH", "FIVE"]))
    @override_settings(SHIPPING_TAX="standard")
    def test_tax_is_that_of_the_lines_and_of_the_shipping(self, goods, shipping, country, code):
        quoted = quote(goods, country=country, shipping=shipping, code=code)
        rate = D(20) if country == "AT" else D(5)
        part = rate / (100 + rate) if quoted.tax_included else rate / 100
        assert quoted.tax == sum(line.tax for line in quoted.lines) + rounded(shipping * part)

    @given(ITEMS)
    def test_included_tax_is_its_share_of_what_is_paid(self, goods):
        for line in quote(goods, country="AT", code="TENTH").lines:
            paid, rate = line.item.amount - line.discount, line.tax_rate
            assert line.tax == rounded(paid * rate / (100 + rate))
