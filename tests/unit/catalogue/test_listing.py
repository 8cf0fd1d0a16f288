"""Listing simple products in bulk."""

import threading
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection
from djmoney.money import Money
from hypothesis import given
from hypothesis import strategies as st

from catalogue.events import VariantListed
from catalogue.listing import SimpleProduct, ensure_listed
from catalogue.models import Product, Variant
from catalogue.naming import stable_name
from eventbus.testing import emitted

pytestmark = pytest.mark.django_db

HEART = SimpleProduct("85123A", "WHITE HANGING HEART", Decimal("2.55"))
LANTERN = SimpleProduct("71053", "WHITE METAL LANTERN", Decimal("3.39"))


def test_a_product_met_for_the_first_time_is_listed_at_its_price():
    assert ensure_listed([HEART, LANTERN], "GBP") == 2
    variant = Variant.objects.get(sku="85123A")
    assert variant.price == Money("2.55", "GBP")
    assert variant.product.title == "WHITE HANGING HEART"


def test_what_is_listed_stays_as_it_is():
    ensure_listed([HEART], "GBP")
    assert ensure_listed([HEART._replace(price=Decimal(9), title="Other"), LANTERN], "EUR") == 1
    assert Variant.objects.get(sku="85123A").price == Money("2.55", "GBP")


def test_of_several_with_one_sku_the_first_counts():
    assert ensure_listed([HEART, HEART._replace(price=Decimal(9))], "GBP") == 1
    assert Variant.objects.get().price == Money("2.55", "GBP")


def test_skus_that_differ_in_case_are_different_products():
    assert ensure_listed([HEART, HEART._replace(sku="85123a")], "GBP") == 2
    assert Product.objects.count() == 2


def test_nothing_is_emitted_for_the_stock_comes_separately():
    ensure_listed([HEART], "GBP")
    assert emitted(VariantListed) == []


def test_without_a_title_a_product_is_called_by_its_sku():
    ensure_listed([HEART._replace(title="")], "GBP")
    assert Product.objects.get().title == "85123A"


def test_a_title_that_is_too_long_is_cut():
    ensure_listed([HEART._replace(title="x" * 300)], "GBP")
    assert len(Product.objects.get().title) == 255


def test_a_negative_price_is_refused():
    with pytest.raises(IntegrityError):
        ensure_listed([HEART._replace(price=Decimal(-1))], "GBP")


def test_a_whole_file_takes_a_handful_of_statements(django_assert_max_num_queries):
    items = [SimpleProduct(f"S{n}", f"Thing {n}", Decimal(n)) for n in range(1500)]
    with django_assert_max_num_queries(12):
        assert ensure_listed(items, "GBP") == 1500


@pytest.mark.django_db(transaction=True)
def test_two_replays_at_the_same_moment_list_each_product_once():
    items = [SimpleProduct(f"S{n}", f"Thing {n}", Decimal(n)) for n in range(200)]
    start, errors = threading.Barrier(2, timeout=10), []

    def run(order):
        start.wait()
        try:
            ensure_listed(order, "GBP")
        except Exception as error:
            errors.append(error)
        connection.close()

    threads = [threading.Thread(target=run, args=[o]) for o in (items, items[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert Variant.objects.count() == Product.objects.count() == 200


@given(st.lists(st.text(max_size=300), min_size=1, max_size=3))
def test_a_stable_name_is_short_lower_case_ascii(parts):
    name = stable_name(parts)
    assert name == stable_name(parts)
    assert name.isascii()
    assert name == name.lower()
    assert 0 < len(name) <= 91
