"""Whose a SKU is: repeated, moved to another product, or under a new handle."""

import os
from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalogue.events import SellingChanged, VariantListed
from catalogue.models import Image, Product, Variant
from catalogue.search.models import Listing
from catalogue.shopify.importing import import_products
from catalogue.shopify.report import Remark
from eventbus.testing import emitted
from shop.settings import BASE_DIR
from tests.unit.catalogue.files import COLUMNS, LARGE_SHIRT, MUG, SMALL_SHIRT, without, write
from tests.unit.catalogue.test_importing import counts, reasons, snapshot

pytestmark = pytest.mark.django_db

BIG_SHIRT = MUG | {"Handle": "big-shirt", "Title": "Big shirt", "Variant SKU": "SHIRT-L"}
SAMPLE = BASE_DIR / "tests" / "data" / "shopify-export.csv"
FILES = [SAMPLE, *map(Path, os.environ.get("PRODUCT_FILES", "").split())]


def skus(handle: str) -> list[str]:
    return [variant.sku for variant in Product.objects.get(handle=handle).variants.all()]


def test_a_sku_that_several_products_have_is_each_ones_and_said_in_the_report(importing):
    report = importing(MUG, SMALL_SHIRT | {"Variant SKU": "MUG"}, LARGE_SHIRT)
    assert counts(report) == {"created": 2}
    assert report.remarks[Remark.SHARED_SKU] == [2, 3]
    shown = [variant.shown_sku for variant in Variant.objects.all()]
    assert sorted(shown) == ["MUG", "MUG", "SHIRT-L"]
    assert len({event.sku for event in emitted(VariantListed)}) == 3


def test_the_order_of_the_file_does_not_change_who_has_which_key(importing):
    cup = MUG | {"Handle": "cup"}
    importing(MUG, cup)
    before = snapshot()
    assert counts(importing(cup, MUG)) == {"unchanged": 2}
    assert snapshot() == before


def test_a_variant_keeps_its_key_when_its_sku_is_repeated_later_and_when_it_no_longer_is(importing):
    importing(MUG)
    importing(MUG, MUG | {"Handle": "cup"})
    assert skus("mug") == ["MUG"]
    (key,) = skus("cup")
    importing(MUG | {"Handle": "cup"})
    assert (skus("cup"), skus("mug")) == ([key], ["MUG"])


def test_a_product_of_another_file_with_the_same_sku_takes_nothing_away(importing):
    importing(SMALL_SHIRT, LARGE_SHIRT)
    importing(BIG_SHIRT)
    assert skus("shirt") == ["SHIRT-S", "SHIRT-L"]
    assert Variant.objects.get(product__handle="big-shirt").shown_sku == "SHIRT-L"


@pytest.mark.parametrize("batch", [1, 1000])
@pytest.mark.parametrize("giver_first", [True, False])
def test_a_variant_moves_to_another_product_in_one_import(
    importing, monkeypatch, batch, giver_first
):
    monkeypatch.setattr("catalogue.shopify.importing.BATCH", batch)
    importing(SMALL_SHIRT, LARGE_SHIRT | {"Variant Image": "https://cdn.example/l.jpg"})
    moved = [SMALL_SHIRT, BIG_SHIRT][:: 1 if giver_first else -1]
    report = importing(*moved)
    assert not report.problems
    assert (skus("shirt"), skus("big-shirt")) == (["SHIRT-S"], ["SHIRT-L"])
    assert not Image.objects.filter(src__endswith="/l.jpg").exists()
    assert Listing.objects.get(handle="shirt").price_max == 20
    before = snapshot()
    assert counts(importing(*moved)) == {"unchanged": 2}
    assert snapshot() == before


def test_two_products_may_exchange_their_variants(importing):
    importing(MUG, SMALL_SHIRT)
    importing(MUG | {"Variant SKU": "SHIRT-S"}, SMALL_SHIRT | {"Variant SKU": "MUG"})
    assert (skus("mug"), skus("shirt")) == (["SHIRT-S"], ["MUG"])


def test_a_product_that_is_left_out_keeps_what_another_would_have(importing):
    importing(SMALL_SHIRT, LARGE_SHIRT)
    report = importing(SMALL_SHIRT | {"Variant Price": "x"}, BIG_SHIRT)
    assert skus("shirt") == ["SHIRT-S", "SHIRT-L"]
    reason = "SKU SHIRT-L belongs to product shirt, which stays as it is"
    assert (3, "Variant SKU", reason, "big-shirt") in reasons(report)


def test_a_product_under_a_new_handle_is_the_same_product(importing):
    importing(SMALL_SHIRT, LARGE_SHIRT)
    product = Product.objects.get()
    renamed = {"Handle": "linen-shirt", "Title": "Linen shirt"}
    rows = [SMALL_SHIRT | renamed, LARGE_SHIRT | {"Handle": "linen-shirt"}]
    report = importing(*rows)
    assert (counts(report), report.remarks) == ({"updated": 1}, {Remark.RENAMED: [2]})
    assert (Product.objects.get().pk, Product.objects.get().handle) == (product.pk, "linen-shirt")
    assert Listing.objects.get().handle == "linen-shirt"
    assert len(emitted(VariantListed)) == 2
    assert counts(importing(*rows)) == {"unchanged": 1}


def test_what_was_not_counted_is_asked_for_and_taken_in_from_the_next_file(importing):
    columns = [column for column in COLUMNS if column != "Variant Inventory Qty"]
    report = importing(without(MUG, "Variant Inventory Qty"), columns=columns)
    assert report.remarks == {Remark.UNCOUNTED: [2]}
    assert "Variant Inventory Qty" in report.remarked()[0]
    assert emitted(VariantListed)[0].selling == "uncounted"
    report = importing(MUG)
    assert report.remarks == {}
    (changed,) = emitted(SellingChanged)
    assert (changed.selling, changed.opening_stock) == ("tracked", 7)


def test_a_changed_policy_is_emitted_once(importing):
    importing(MUG)
    importing(MUG | {"Variant Inventory Policy": "continue"})
    importing(MUG | {"Variant Inventory Policy": "continue"})
    assert [event.selling for event in emitted(SellingChanged)] == ["backorder"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_real_file_imported_twice_changes_nothing_the_second_time(file):
    first = import_products(file)
    before, listed = snapshot(), len(emitted(VariantListed))
    second = import_products(file)
    assert second.products["unchanged"] == first.products["created"] > 0
    assert (second.problems, second.remarks) == (first.problems, first.remarks)
    assert (snapshot(), len(emitted(VariantListed))) == (before, listed)
    assert emitted(SellingChanged) == []


few_skus = st.sampled_from(["", "A", "B", "C"])
few_sizes = st.lists(st.sampled_from("SML"), min_size=1, unique=True)


@st.composite
def files(draw):
    """Rows of products that share, swap and lose SKUs."""
    rows = []
    for handle in draw(st.lists(st.sampled_from(["one", "two", "three"]), unique=True)):
        for size in draw(few_sizes):
            row = {"Handle": handle, "Title": handle, "Option1 Name": "Size", "Variant Price": "1"}
            row |= {"Option1 Value": size, "Variant SKU": draw(few_skus)}
            row |= {"Variant Inventory Qty": draw(st.sampled_from(["", "0", "4", "-1"]))}
            row |= {"Variant Inventory Policy": draw(st.sampled_from(["deny", "continue"]))}
            rows.append(row)
    return rows


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30
)
@given(earlier=files(), rows=files(), batch=st.sampled_from([1, 1000]))
def test_whatever_was_there_a_file_imported_twice_is_imported_once(
    product_file, monkeypatch, earlier, rows, batch
):
    monkeypatch.setattr("catalogue.shopify.importing.BATCH", batch)
    with transaction.atomic():
        import_products(write(product_file, *earlier))
        first = import_products(write(product_file, *rows))
        assert first.products["left_out"] == 0
        before = snapshot()
        again = import_products(product_file)
        assert again.variants == len(rows)
        assert (again.remarks.get(Remark.UNCOUNTED), again.problems) == (
            first.remarks.get(Remark.UNCOUNTED),
            [],
        )
        assert snapshot() == before
        transaction.set_rollback(True)
