"""The demo catalogue, its pictures and its logins."""

import xml.etree.ElementTree as ElementTree

import pytest
from django.contrib.staticfiles import finders

from catalogue.demo.loading import CATEGORIES, load_demo_catalogue
from catalogue.events import VariantListed
from catalogue.models import Category, Image, Product, Variant
from catalogue.shopify.report import Report
from eventbus.testing import emitted
from shop.settings import BASE_DIR

PICTURES = sorted((BASE_DIR / "catalogue" / "static" / "catalogue" / "demo").iterdir())


@pytest.fixture(scope="module")
def _shared_demo(shared_db) -> Report:
    with shared_db():
        return load_demo_catalogue()


@pytest.fixture
def demo(_shared_demo: Report, db) -> Report:
    return _shared_demo


def test_a_picture_is_sound_and_small():
    for picture in PICTURES:
        text = picture.read_text(encoding="utf-8")
        assert ElementTree.fromstring(text).get("viewBox") == "0 0 600 600", picture.stem
        assert len(text) < 25_000, picture.stem


def test_every_product_goes_in(demo):
    assert demo.problems == []
    assert Product.objects.count() >= 42
    assert [category.name for category in Category.objects.all()] == list(CATEGORIES)


def test_every_picture_shown_is_there_and_described(demo):
    images = Image.objects.all()
    assert all(finders.find(image.src) for image in images)
    assert all(image.alt for image in images)
    assert {image.src for image in images} == {f"catalogue/demo/{kept.name}" for kept in PICTURES}


def test_every_product_can_be_looked_at_and_bought(demo):
    assert not Product.objects.filter(images=None).exists()
    assert not Product.objects.filter(variants=None).exists()
    assert not Product.objects.filter(body="").exists()


def test_some_are_reduced_some_sold_out_and_some_low(demo):
    stock = [event.opening_stock for event in emitted(VariantListed)]
    assert stock.count(0) >= 3
    assert sum(0 < units <= 5 for units in stock) >= 3
    assert sum(variant.reduced for variant in Variant.objects.all()) >= 5


def test_what_staff_changed_stays_when_it_is_loaded_again(demo):
    Product.objects.filter(handle="wildflower-honey").update(title="Our honey")
    Category.objects.filter(name="Little Ones").update(position=0)
    again = load_demo_catalogue()
    assert again.products["unchanged"] == Product.objects.count()
    assert Product.objects.get(handle="wildflower-honey").title == "Our honey"
    assert Category.objects.first().name == "Little Ones"
