"""CSV files in and out of the admin."""

import csv
from decimal import Decimal
from io import BytesIO, StringIO

import pytest
from django.urls import reverse
from djmoney.money import Money

from shop.catalogue.models import Product, Variant

pytestmark = pytest.mark.django_db


@pytest.fixture
def mug():
    product = Product.objects.create(handle="mug", title="Mug")
    return Variant.objects.create(product=product, sku="MUG", price=Money("9.50", "EUR"))


def exported(client, name):
    answer = client.post(reverse(f"admin:{name}_export"), {"format": "0", "resource": "0"})
    return list(csv.DictReader(StringIO(answer.content.decode())))


def imported(client, text):
    """Upload a file and confirm what the page shows."""
    file = BytesIO(text.encode())
    file.name = "prices.csv"
    seen = client.post(
        reverse("admin:catalogue_variant_import"), {"import_file": file, "format": "0"}
    )
    confirm = seen.context.get("confirm_form")
    if confirm:
        client.post(reverse("admin:catalogue_variant_process_import"), confirm.initial)
    return seen.content.decode()


def test_prices_go_out_and_come_in_again(as_role, mug):
    staff = as_role("catalogue")
    (row,) = exported(staff, "catalogue_variant")
    assert (row["sku"], row["price"], row["currency"]) == ("MUG", "9.50", "EUR")
    imported(staff, "sku,price,compare_at_price\nMUG,8.00,9.50\n")
    mug.refresh_from_db()
    assert (mug.price.amount, mug.compare_at_price.amount) == (Decimal(8), Decimal("9.50"))
    assert str(mug.price.currency) == "EUR"


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ("MUGG,8.00,EUR", "there is no variant MUGG"),
        ("MUG,-1,EUR", "price"),
        ("MUG,eight,EUR", "price"),
        ("MUG,8.00,GBP", "MUG is priced in EUR"),
    ],
)
def test_a_file_with_a_bad_row_changes_nothing_and_says_which(as_role, mug, row, complaint):
    shown = imported(as_role("catalogue"), f"sku,price,currency\nMUG,8.00,EUR\n{row}\n")
    assert complaint in shown
    mug.refresh_from_db()
    assert mug.price.amount == Decimal("9.50")


def test_orders_go_out_without_addresses(as_role, order):
    (row,) = exported(as_role("finance"), "orders_order")
    assert (row["number"], row["state"], row["total"]) == (order.number, "paid", "61.00")
    assert "email" not in row


@pytest.mark.parametrize("title", ["=1+1", "@SUM(A1)", "+cmd", "-cmd", "\t=1", "'=1"])
def test_no_exported_cell_is_a_formula(as_role, mug, title):
    Product.objects.update(title=title)
    (row,) = exported(as_role("catalogue"), "catalogue_variant")
    assert row["title"].startswith(f"'{title}")


def test_what_went_out_as_text_comes_in_as_it_was(as_role, mug):
    Variant.objects.update(sku="=MUG", barcode="-")
    staff = as_role("catalogue")
    (row,) = exported(staff, "catalogue_variant")
    assert row["sku"] == "'=MUG"
    imported(staff, f"sku,price,barcode\n{row['sku']},8.00,{row['barcode']}\n")
    mug.refresh_from_db()
    assert (mug.sku, mug.price.amount, mug.barcode) == ("=MUG", Decimal(8), "-")


def test_a_file_with_too_many_rows_is_refused(as_role, mug, settings):
    settings.MOST_IMPORTED_ROWS = 2
    shown = imported(as_role("catalogue"), "sku,price\nMUG,8.00\n\n\n")
    assert "more than 2 rows" in shown
    mug.refresh_from_db()
    assert mug.price.amount == Decimal("9.50")


def test_a_file_that_is_too_large_is_refused_before_it_is_kept(as_role, mug, settings):
    settings.LARGEST_UPLOAD = 100
    file = BytesIO(b"sku,price\n" + b"MUG,8.00\n" * 20)
    file.name = "prices.csv"
    answer = as_role("catalogue").post(
        reverse("admin:catalogue_variant_import"), {"import_file": file, "format": "0"}
    )
    assert answer.status_code == 400
