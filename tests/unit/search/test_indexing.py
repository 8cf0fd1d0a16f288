"""The lines of the search are always what writing them anew would make them."""

import threading
from itertools import permutations
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from djmoney.money import Money

from catalogue.listing import SimpleProduct, ensure_listed
from catalogue.models import Image, Product, Variant
from catalogue.search.indexing import index, reindex
from catalogue.search.models import Listing, Word
from catalogue.search.results import search_for
from eventbus.testing import given
from inventory.events import InventoryUpdated, StockLevel
from tests.unit.catalogue.files import LARGE_SHIRT, MUG, SMALL_SHIRT
from tests.unit.search.goods import category, goods, in_stock

pytestmark = pytest.mark.django_db


def lines() -> list[dict]:
    return list(Listing.objects.order_by("product_id").values())


def updated(sku: str, **level: int) -> None:
    """Inventory tells of a variant."""
    level = StockLevel(sku=sku, **level)
    given(InventoryUpdated(change_id=uuid4(), reason="test", levels=[level]), to="catalogue")


@pytest.fixture
def anew():
    """After the test: nothing changes when every line is written anew."""
    yield
    kept = lines()
    Listing.objects.all().delete()
    sum(reindex())
    assert lines() == kept


@pytest.mark.usefixtures("anew")
class TestKept:
    """A change of any kind is in the lines at once, and they are as if written anew."""

    def test_import(self, importing):
        importing(MUG, SMALL_SHIRT, LARGE_SHIRT)
        assert [line["title"] for line in lines()] == ["Mug", "Shirt"]

    def test_import_of_a_file_that_has_changed(self, importing):
        importing(MUG, SMALL_SHIRT, LARGE_SHIRT)
        importing(MUG | {"Title": "Beaker", "Image Src": ""}, SMALL_SHIRT | {"Variant Price": "1"})
        beaker, shirt = lines()
        assert (beaker["title"], beaker["picture_src"]) == ("Beaker", "")
        assert (shirt["price_min"], shirt["price_max"]) == (1, 1)

    def test_replay(self, db):
        ensure_listed([SimpleProduct("85123A", "WHITE HEART", 2)], "GBP")
        assert lines()[0]["currency"] == "GBP"

    def test_product(self):
        mug = goods("Mug")
        mug.title = "Cup"
        mug.save()
        assert lines()[0]["title"] == "Cup"

    def test_product_that_is_hidden(self):
        mug = goods("Mug")
        mug.published = False
        mug.save()
        assert not lines()

    def test_product_that_is_deleted(self):
        goods("Mug", "S", "L").delete()
        assert not lines()

    def test_last_variant_that_is_deleted(self):
        goods("Mug").variants.all().delete()
        assert not lines()

    def test_variant_that_moves_to_another_product(self):
        mug, cup = goods("Mug", "S", "L"), goods("Cup")
        large = mug.variants.last()
        large.product = cup
        large.save()
        assert [line["price_max"] for line in lines()] == [10, 11]

    def test_price(self):
        variant = goods("Mug").variants.get()
        variant.price, variant.compare_at_price = Money(8, "EUR"), Money(10, "EUR")
        variant.save()
        assert (lines()[0]["price_min"], lines()[0]["price_before"]) == (8, 10)

    def test_picture(self):
        mug = goods("Mug")
        Image.objects.create(product=mug, src="b.svg", position=2)
        first = Image.objects.create(product=mug, src="a.svg", position=1)
        assert lines()[0]["picture_src"] == "a.svg"
        first.delete()
        assert lines()[0]["picture_src"] == "b.svg"

    def test_category_that_moves_into_another(self):
        kitchen, cups = category("Kitchen"), category("Cups")
        goods("Mug", category=cups)
        cups.parent = kitchen
        cups.save()
        assert lines()[0]["categories"] == [kitchen.pk, cups.pk]
        assert lines()[0]["top_category"] == kitchen.pk

    def test_category_that_is_deleted(self):
        kitchen = category("Kitchen")
        goods("Mug", category=kitchen)
        kitchen.delete()
        assert lines()[0]["categories"] == []

    def test_circle_of_categories(self):
        kitchen = category("Kitchen")
        cups = category("Cups", kitchen)
        goods("Mug", category=cups)
        kitchen.parent = cups
        kitchen.save()
        assert set(lines()[0]["categories"]) == {kitchen.pk, cups.pk}

    def test_stock(self):
        goods("Mug", "S", "L", option_names=["Size"])
        updated("MUG-0", available=0, revision=1)
        updated("MUG-1", available=3, revision=1)
        (line,) = lines()
        assert (line["most"], line["uncounted"], line["available"]) == (3, False, True)
        assert (line["options"], line["options_available"]) == (["Size:L", "Size:S"], ["Size:L"])

    @pytest.mark.parametrize("order", list(permutations((1, 2, 3))))
    def test_newest_stock_in_whatever_order_it_is_told(self, order):
        goods("Mug")
        for revision in order:
            updated("MUG-0", available=3 - revision, revision=revision)
        assert (lines()[0]["most"], lines()[0]["available"]) == (0, False)

    def test_stock_told_before_the_product_is_there(self):
        updated("MUG-0", available=7, revision=1)
        goods("Mug")
        assert (lines()[0]["most"], lines()[0]["uncounted"]) == (7, False)

    def test_product_that_is_shown_again_has_the_stock_of_now(self):
        mug = goods("Mug", stock=5)
        mug.published = False
        mug.save()
        in_stock("MUG-0", 0)
        mug.published = True
        mug.save()
        assert lines()[0]["available"] is False


def test_reindex_makes_good_what_was_changed_past_the_shop(capsys):
    goods("Mug")
    Product.objects.update(title="Cup")
    Listing.objects.create(**(lines()[0] | {"product_id": 999_999}))
    Word.objects.create(word="stale")
    call_command("reindex")
    assert capsys.readouterr().out == "Products written: 1.\n"
    assert [line["title"] for line in lines()] == ["Cup"]
    assert not Word.objects.filter(word="stale").exists()


def test_a_whole_file_takes_a_handful_of_statements(django_assert_num_queries):
    ids = [goods(f"Mug {number}").pk for number in range(9)]
    with django_assert_num_queries(6):
        index(ids)


def test_a_very_long_description_is_found_by_its_beginning():
    goods("Mug", body="beginning " + " ".join(f"word{n}" for n in range(200_000)))
    assert search_for("beginning").finds


@pytest.mark.django_db(transaction=True)
def test_of_two_that_change_one_product_at_once_none_is_lost():
    """The second one waits for the first and sees what that has written."""
    goods("Mug", "S", "L", stock=5)
    first_has_written, errors = threading.Event(), []

    def second():
        first_has_written.wait(10)
        try:
            in_stock("MUG-1", 0)
        except Exception as error:
            errors.append(error)
        connection.close()

    thread = threading.Thread(target=second)
    thread.start()
    with transaction.atomic():
        in_stock("MUG-0", 0)
        first_has_written.set()
        thread.join(0.5)
        assert thread.is_alive()
    thread.join(10)
    assert not errors
    assert lines()[0]["available"] is False


@pytest.mark.django_db(transaction=True)
def test_staff_and_an_import_that_change_one_product_wait_for_each_other(importing):
    importing(MUG)
    variant = Variant.objects.get()
    staff_have_begun, reports = threading.Event(), []

    def import_it():
        staff_have_begun.wait(10)
        reports.append(importing(MUG | {"Variant Price": "3"}))
        connection.close()

    thread = threading.Thread(target=import_it)
    thread.start()
    with transaction.atomic():
        variant.grams = 7
        variant.save()
        staff_have_begun.set()
        thread.join(0.5)
        variant.barcode = "1"
        variant.save()
    thread.join(10)
    assert not reports[0].problems
    assert lines()[0]["price_min"] == 3
