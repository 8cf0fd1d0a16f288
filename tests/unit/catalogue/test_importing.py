"""What an import does to the catalogue, and what it states."""

import threading
from decimal import Decimal

import pytest
from django.db import connection, transaction
from djmoney.money import Money
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalogue.events import VariantListed
from catalogue.models import Category, Image, Product, Variant
from catalogue.shopify.importing import import_products
from eventbus.testing import emitted
from tests.unit.catalogue.files import LARGE_SHIRT, MUG, SMALL_SHIRT, without, write

pytestmark = pytest.mark.django_db


def counts(report) -> dict[str, int]:
    """The counts that are not 0."""
    return {str(outcome): count for outcome, count in report.products.items() if count}


def reasons(report) -> list[tuple[int, str, str, str]]:
    return [(p.line, p.column, p.reason, p.handle) for p in report.sorted_problems()]


def snapshot() -> list:
    """Everything the catalogue holds."""
    models = (Category, Product, Variant, Image)
    return [list(model.objects.order_by("pk").values()) for model in models]


def test_products_go_in_with_variants_pictures_and_category(importing):
    report = importing(MUG, SMALL_SHIRT, LARGE_SHIRT)
    assert counts(report) == {"created": 2}
    assert report.variants == 3
    mug = Product.objects.get(handle="mug")
    assert mug.category.name == "Kitchen"
    assert mug.images.get().alt == "A mug"
    assert Variant.objects.get(sku="SHIRT-L").price == Money("22.50", "EUR")


def test_a_second_import_changes_nothing_and_says_so(importing):
    importing(MUG, SMALL_SHIRT, LARGE_SHIRT)
    before = snapshot()
    report = importing(MUG, SMALL_SHIRT, LARGE_SHIRT)
    assert counts(report) == {"unchanged": 2}
    assert report.variants == 3
    assert snapshot() == before


def test_prices_are_in_the_currency_of_the_shop(importing, settings):
    settings.DEFAULT_CURRENCY = "GBP"
    importing(MUG)
    assert Variant.objects.get().price == Money(16, "GBP")
    assert emitted(VariantListed)[0].currency == "GBP"


def test_a_shop_that_changes_its_currency_has_its_prices_changed_by_an_import(importing, settings):
    importing(MUG)
    settings.DEFAULT_CURRENCY = "GBP"
    assert counts(importing(MUG)) == {"updated": 1}
    assert Variant.objects.get().price == Money(16, "GBP")


@pytest.mark.parametrize(
    "change",
    [
        {"Title": "Big mug"},
        {"Type": "Table"},
        {"Published": "false"},
        {"Variant Price": "17"},
        {"Variant Compare At Price": "20"},
        {"Image Alt Text": "The mug"},
        {"Image Src": "https://cdn.example/other.jpg"},
    ],
)
def test_a_changed_product_is_updated_and_then_unchanged(importing, change):
    importing(MUG, SMALL_SHIRT)
    assert counts(importing(MUG | change, SMALL_SHIRT)) == {"updated": 1, "unchanged": 1}
    assert counts(importing(MUG | change, SMALL_SHIRT)) == {"unchanged": 2}


def test_a_new_former_price_is_stored_with_the_price(importing):
    importing(MUG)
    importing(MUG | {"Variant Price": "12", "Variant Compare At Price": "16"})
    variant = Variant.objects.get()
    assert (variant.price, variant.compare_at_price) == (Money(12, "EUR"), Money(16, "EUR"))
    assert variant.reduced


def test_a_variant_no_longer_in_the_file_is_removed_with_its_picture(importing):
    importing(SMALL_SHIRT, LARGE_SHIRT | {"Variant Image": "l.jpg"})
    assert counts(importing(SMALL_SHIRT)) == {"updated": 1}
    assert [variant.sku for variant in Variant.objects.all()] == ["SHIRT-S"]
    assert not Image.objects.filter(src="l.jpg").exists()


def test_variants_may_exchange_their_options(importing):
    importing(SMALL_SHIRT, LARGE_SHIRT)
    report = importing(SMALL_SHIRT | {"Option1 Value": "L"}, LARGE_SHIRT | {"Option1 Value": "S"})
    assert counts(report) == {"updated": 1}
    assert Variant.objects.get(sku="SHIRT-S").option_values == ["L", "Red"]


def test_columns_the_file_lacks_change_nothing(importing):
    importing(MUG)
    before = snapshot()
    importing(MUG, columns=["Handle", "Title", "Variant SKU", "Variant Price"])
    assert snapshot() == before


def test_a_bad_product_is_left_out_whole_and_the_rest_goes_in(importing):
    report = importing(SMALL_SHIRT, LARGE_SHIRT | {"Variant Price": ""}, MUG)
    assert counts(report) == {"created": 1, "left_out": 1}
    assert reasons(report) == [(3, "Variant Price", "is blank", "shirt")]
    assert Product.objects.get().handle == "mug"
    assert [event.sku for event in emitted(VariantListed)] == ["MUG"]


def test_a_problem_names_the_column_as_the_file_does(product_file, db):
    product_file.write_text("URL handle,Title,Price\nmug,Mug,\n")
    assert import_products(product_file).problems[0].column == "Price"


def test_a_bad_change_leaves_the_product_as_it_was(importing):
    importing(MUG)
    before = snapshot()
    importing(MUG | {"Title": "Big mug", "Variant Price": "x"})
    assert snapshot() == before


def test_names_that_read_alike_are_one_category(importing):
    importing(MUG | {"Type": "Home & Garden"}, SMALL_SHIRT | {"Type": "home garden"})
    assert Category.objects.get().products.count() == 2


def test_only_new_passes_over_a_handle_no_product_can_have(product_file, db):
    report = import_products(write(product_file, MUG | {"Handle": "a\0b"}), only_new=True)
    assert reasons(report) == [(2, "Handle", "holds a NUL character", "a\0b")]


def test_only_new_leaves_products_alone_that_are_there(product_file, importing):
    importing(MUG)
    Product.objects.update(title="As staff call it")
    report = import_products(write(product_file, MUG, SMALL_SHIRT), only_new=True)
    assert counts(report) == {"created": 1, "unchanged": 1}
    assert report.variants == 2
    assert Product.objects.get(handle="mug").title == "As staff call it"


def test_each_new_variant_is_emitted_once_with_its_opening_stock(importing):
    importing(SMALL_SHIRT, LARGE_SHIRT)
    importing(SMALL_SHIRT | {"Variant Inventory Qty": "99", "Variant Price": "1"}, LARGE_SHIRT)
    small, large = emitted(VariantListed)
    assert small.model_dump() == {
        "sku": "SHIRT-S",
        "title": "Shirt, S / Red",
        "price": Decimal("20"),
        "currency": "EUR",
        "opening_stock": 3,
        "selling": "tracked",
    }
    assert (large.sku, large.opening_stock) == ("SHIRT-L", 0)


def test_a_product_that_grows_emits_only_what_is_new(importing):
    importing(SMALL_SHIRT)
    importing(SMALL_SHIRT, LARGE_SHIRT)
    assert [event.sku for event in emitted(VariantListed)] == ["SHIRT-S", "SHIRT-L"]


def test_nothing_is_emitted_of_what_did_not_go_in(importing, monkeypatch):
    def fail(*_):
        raise RuntimeError("power cut")

    monkeypatch.setattr("catalogue.shopify.storing._put_images", fail)
    with pytest.raises(RuntimeError), transaction.atomic():
        importing(MUG)
    assert not Product.objects.exists()
    assert emitted(VariantListed) == []


def test_products_the_database_refuses_together_go_in_one_by_one(importing):
    """Here for want of a race: a variant that exists under a product we are not told of."""
    with connection.cursor() as cursor:
        cursor.execute("alter table catalogue_variant add constraint no_mug check (sku <> 'MUG')")
    report = importing(MUG, SMALL_SHIRT)
    assert counts(report) == {"created": 1, "left_out": 1}
    ((line, _, reason, handle),) = reasons(report)
    assert (line, handle) == (2, "mug")
    assert reason.startswith("the database refuses it")


@pytest.mark.django_db(transaction=True)
def test_imports_of_the_same_products_at_the_same_moment_make_one_catalogue(tmp_path):
    rows = [MUG | {"Handle": f"mug-{n}", "Variant SKU": f"MUG-{n}"} for n in range(60)]
    paths = [write(tmp_path / f"{n}.csv", *rows[::way]) for n, way in enumerate((1, -1, 1))]
    start, reports = threading.Barrier(3, timeout=10), []

    def run(path):
        start.wait()
        reports.append(import_products(path))
        connection.close()

    threads = [threading.Thread(target=run, args=[path]) for path in paths]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [report.problems for report in reports] == [[], [], []]
    assert sum(report.products["created"] for report in reports) == 60
    assert len(emitted(VariantListed)) == Variant.objects.count() == 60


words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
handles = st.text("abcé漢-1", min_size=1, max_size=4)
prices = st.decimals(0, 999, places=2).map(str)


@st.composite
def files(draw):
    """Rows of some products with one or two options."""
    rows = []
    for handle in draw(st.lists(handles, unique=True, max_size=4)):
        sizes = draw(st.lists(words.filter(str.strip), unique_by=str.strip, max_size=3))
        first = {"Handle": handle, "Title": draw(words) or "x", "Type": draw(words)}
        first |= {"Body (HTML)": draw(words), "Tags": draw(words), "Option1 Name": "Size"}
        for size in sizes or ["Default Title"]:
            variant = {"Handle": handle, "Option1 Value": size, "Variant Price": draw(prices)}
            picture = draw(st.sampled_from(["", "a.jpg", "b.jpg"]))
            rows.append(first | variant | {"Image Src": picture, "Variant Image": picture})
            first = {}
    return rows


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(rows=files())
def test_importing_twice_is_importing_once(importing, rows):
    with transaction.atomic():
        first = importing(*rows)
        before = snapshot()
        second = importing(*rows)
        assert second.products["unchanged"] == first.products["created"]
        assert second.products["left_out"] == first.products["left_out"]
        assert second.problems == first.problems
        assert snapshot() == before
        transaction.set_rollback(True)


def test_a_variant_without_sku_is_found_again(importing):
    importing(without(MUG, "Variant SKU"))
    assert counts(importing(without(MUG, "Variant SKU"))) == {"unchanged": 1}
