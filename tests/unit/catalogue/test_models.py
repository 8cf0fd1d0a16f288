"""The rules the database itself keeps."""

import pytest
from django.db import IntegrityError, connection
from djmoney.money import Money

from catalogue.models import Category, Image, Product, Variant

pytestmark = pytest.mark.django_db


@pytest.fixture
def mug() -> Product:
    return Product.objects.create(handle="mug", title="Mug", option_names=["Size"])


def variant(product, sku, **fields) -> Variant:
    return Variant.objects.create(product=product, sku=sku, **{"price": Money(1, "EUR"), **fields})


def test_a_sku_is_one_variants_only(mug):
    variant(mug, "A", option_values=["S"])
    with pytest.raises(IntegrityError, match="sku"):
        variant(mug, "A", option_values=["L"])


@pytest.mark.parametrize("field", ["price", "compare_at_price"])
def test_no_price_is_negative(mug, field):
    with pytest.raises(IntegrityError, match=f"variant_{field}_not_negative"):
        variant(mug, "A", **{field: Money(-1, "EUR")})


def test_no_two_variants_of_a_product_are_the_same_choice(mug):
    variant(mug, "A", option_values=["S"])
    variant(mug, "B", option_values=["S"])
    with pytest.raises(IntegrityError, match="variant_options_once"):
        connection.check_constraints()


def test_a_category_is_not_its_own_parent():
    category = Category.objects.create(slug="a", name="A")
    category.parent = category
    with pytest.raises(IntegrityError, match="category_not_its_own_parent"):
        category.save()


def test_a_product_has_a_picture_once(mug):
    Image.objects.create(product=mug, src="a.svg")
    with pytest.raises(IntegrityError, match="image_once_per_product"):
        Image.objects.create(product=mug, src="a.svg")


def test_both_prices_of_a_variant_are_in_one_currency(mug):
    variant(mug, "A", price=Money(1, "GBP"), compare_at_price=Money(2, "GBP"))
    again = Variant.objects.get()
    assert (again.price, again.compare_at_price) == (Money(1, "GBP"), Money(2, "GBP"))


def test_a_variant_is_reduced_when_its_former_price_was_higher(mug):
    assert variant(mug, "A", compare_at_price=Money(2, "EUR")).reduced
    assert not variant(mug, "B", option_values=["S"], compare_at_price=Money(1, "EUR")).reduced
    assert not variant(mug, "C", option_values=["L"]).reduced


def test_a_variant_reads_as_its_product_and_options(mug):
    assert str(variant(mug, "A", option_values=["S", "Red"])) == "Mug, S / Red"
    assert str(variant(mug, "B")) == "Mug"


def test_a_file_name_is_a_static_file_and_an_address_stays(mug, settings):
    assert (
        Image(product=mug, src="demo/mug.svg").url
        == f"/{settings.STATIC_URL.strip('/')}/demo/mug.svg"
    )
    assert Image(product=mug, src="https://cdn.example/m.jpg").url == "https://cdn.example/m.jpg"
