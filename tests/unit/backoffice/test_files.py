"""CSV files in and out of the admin."""

import csv
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path
from tempfile import NamedTemporaryFile

import pytest
from django.contrib import admin
from django.urls import reverse
from djmoney.money import Money
from import_export.admin import ImportMixin

import shop.urls  # noqa: F401 registers every model's pages
from catalogue.models import Product, Variant
from shop.backoffice.file_import import ImportsOwnFiles

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shared_order")]


@pytest.fixture
def mug():
    product = Product.objects.create(handle="mug", title="Mug")
    return Variant.objects.create(product=product, sku="MUG", price=Money("9.50", "EUR"))


def exported(client, name):
    answer = client.post(reverse(f"admin:{name}_export"), {"format": "0", "resource": "0"})
    return list(csv.DictReader(StringIO(answer.content.decode())))


def imported(client, text):
    """Upload a file and confirm what the page shows."""
    seen = uploaded(client, text)
    confirm = seen.context.get("confirm_form")
    if confirm:
        confirmed(client, confirm.initial)
    return seen.content.decode()


def uploaded(client, text):
    file = BytesIO(text.encode())
    file.name = "prices.csv"
    address = reverse("admin:catalogue_variant_import")
    return client.post(address, {"import_file": file, "format": "0"})


def confirmed(client, fields):
    return client.post(reverse("admin:catalogue_variant_process_import"), fields)


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
        ("MUG,eight,EUR", "“eight” is not a number such as 12.50"),
        ("MUG,8.00,EUR,9", "Line 3 has 4 cells, and the first line names 3 columns."),
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


CHEAPER = "sku,price\nMUG,8.00\n"


def test_no_file_but_the_upload_is_taken_or_deleted(as_role, mug, tmp_path):
    """However the form names it: by a path, or by its name in the temporary folder."""
    staff = as_role("catalogue")
    other = tmp_path / "other.csv"
    other.write_text(CHEAPER)
    with NamedTemporaryFile("w", suffix=".csv") as temporary:
        temporary.write(CHEAPER)
        temporary.flush()
        fields = uploaded(staff, "sku,price\nMUG,7.00\n").context["confirm_form"].initial
        for name in (temporary.name, Path(temporary.name).name, str(other), f"../{other}", ""):
            answer = confirmed(staff, {**fields, "import_file_name": name})
            assert "no longer here" in answer.content.decode()
        assert Path(temporary.name).exists()
    assert other.exists()
    mug.refresh_from_db()
    assert mug.price.amount == Decimal("9.50")


def test_an_upload_is_confirmed_by_who_made_it_and_once(as_role, mug):
    staff = as_role("catalogue")
    fields = uploaded(staff, CHEAPER).context["confirm_form"].initial
    again = as_role("catalogue")
    assert "no longer here" in confirmed(again, fields).content.decode()
    assert confirmed(staff, fields).status_code == 302
    Variant.objects.update(price=Decimal(9))
    assert "no longer here" in confirmed(staff, fields).content.decode()
    mug.refresh_from_db()
    assert mug.price.amount == Decimal(9)


def test_what_the_browser_says_of_an_upload_counts_for_nothing(as_role, mug):
    staff = as_role("catalogue")
    fields = uploaded(staff, CHEAPER).context["confirm_form"].initial
    assert confirmed(staff, {**fields, "format": "-x", "resource": "99"}).status_code == 302
    mug.refresh_from_db()
    assert mug.price.amount == Decimal(8)


def test_every_page_that_imports_takes_only_ones_own_files():
    importing = [page for page in admin.site._registry.values() if isinstance(page, ImportMixin)]
    assert importing
    assert all(isinstance(page, ImportsOwnFiles) for page in importing)


def test_an_uploaded_cell_is_shown_as_text(as_role, mug):
    shown = imported(as_role("catalogue"), "sku,price,barcode\nMUG,8.00,<img src=x>\n")
    assert "&lt;img src=x&gt;" in shown
    assert "<img src=x>" not in shown
    shown = imported(as_role("catalogue"), "sku,price,barcode\n<img src=x>,8.00,1\n")
    assert "<img src=x>" not in shown
