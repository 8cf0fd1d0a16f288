"""Whatever the import reads of a file changes what the shop does or shows."""

import pytest
from django.test import Client

from catalogue.shopify.columns import Column
from catalogue.shopify.importing import import_products
from tests.unit.catalogue.files import COLUMNS, MUG, write

pytestmark = pytest.mark.django_db

#: Another value for a column, and what the product's page then has: the effect.
SHOWN = {
    "Variant Grams": ("381", '"value": 381'),
    "Variant Barcode": ("4006381333931", '"gtin": "4006381333931"'),
    "Vendor": ("Somebody Else", "Somebody Else"),
    "Title": ("Another mug", "Another mug"),
    "Body (HTML)": ("<p>Holds soup.</p>", "Holds soup."),
    "Variant Price": ("17.00", "17.00"),
    "Variant Compare At Price": ("99.00", "99.00"),
    "Variant SKU": ("OTHER", "OTHER"),
    "Image Src": ("https://img.example/a.png", "https://img.example/a.png"),
    "SEO Title": ("Title for engines", "Title for engines"),
    "SEO Description": ("Words for engines", "Words for engines"),
}


@pytest.mark.parametrize("column", SHOWN)
def test_a_column_is_shown(product_file, column):
    value, shown = SHOWN[column]
    import_products(write(product_file, MUG | {column: value}))
    assert shown in Client().get("/products/mug/").content.decode()


@pytest.mark.parametrize(("column", "value"), [("Published", "false")])
def test_what_is_not_published_has_no_page(product_file, column, value):
    import_products(write(product_file, MUG | {column: value}))
    assert Client().get("/products/mug/").status_code == 404


def test_every_column_that_is_read_is_one_of_the_files(product_file):
    """So that a column that is read anew is thought of here."""
    elsewhere = {
        Column.STATUS,
        Column.CATEGORY,
        Column.OPTION3_NAME,
        Column.OPTION3_VALUE,
        "Variant Inventory Tracker",
    }
    assert set(Column) - {*map(str, COLUMNS)} <= elsewhere
