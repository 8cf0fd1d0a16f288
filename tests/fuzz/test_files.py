"""Files of products and of orders: read, or refused in one line; never a traceback."""

from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from hypothesis import example, given
from hypothesis import strategies as st

from catalogue.shopify.importing import import_products
from catalogue.shopify.reading import UnreadableFile
from devtools.replay import reading
from devtools.replay.errors import Unreadable
from shop.backoffice.csv_format import escape_formula, unescape_formula
from tests.fuzz import bounded
from tests.unit.catalogue.files import COLUMNS

ORDERS = list(reading.READERS)
ODD = [
    "\0",
    "=1+1",
    "1e999",
    "-0",
    "NaN",
    "9" * 400,
    '"',
    "'",
    "\u202e",
    "٣",
    "\ufeff",
    "\r",
    "1,5",
]
CELL = st.sampled_from(["", "1", "mug", "9.50", "TRUE", "2010-12-01 08:26:00", *ODD]) | st.text(
    st.characters(exclude_categories=["Cs"]), max_size=12
)


def tables(columns: list[str]) -> st.SearchStrategy[bytes]:
    """Files with these columns and any cells; and files that are none."""
    rows = st.lists(st.lists(CELL, min_size=1, max_size=len(columns) + 1), max_size=5)
    text = rows.map(lambda found: "\n".join(",".join(row) for row in [columns, *found]))
    return text.map(lambda text: text.encode("utf-8", "replace")) | st.binary(max_size=300)


@pytest.mark.django_db
@bounded
@given(content=tables(COLUMNS))
@example(content=b"")
@example(content=b"Handle,Title,Variant Price\n\0,\0,\0")
@example(content=b"Handle,Title,Variant Price\nmug,Mug," + b"9" * 400)
def test_a_product_file_is_imported_or_refused(tmp_path, content):
    file = tmp_path / "products.csv"
    file.write_bytes(content)
    try:
        report = import_products(file)
    except UnreadableFile as refusal:
        assert str(file) in str(refusal)  # noqa: PT017 it may also be read
    else:
        assert report.summary()


@bounded
@given(content=tables(ORDERS))
@example(content=b"")
@example(content=",".join(ORDERS).encode() + b"\n536365,1,a,1e999,2010-12-01 08:26:00,1e999,1,GB")
def test_an_order_file_is_read_or_refused(tmp_path, content):
    file = tmp_path / "orders.csv"
    file.write_bytes(content)
    try:
        rows = reading.read_rows(file)
    except Unreadable as refusal:
        assert str(file) in str(refusal)  # noqa: PT017 it may also be read
    else:
        assert all(isinstance(row.price, Decimal) for row in rows)


@bounded
@given(CELL)
@example("=cmd|' /C calc'!A0")
@example("\t=1")
@example("'=1")
@example("''=1")
@example("'")
@example("-5.00")
@example("@SUM(1)")
@example("＝1")
def test_no_cell_is_a_formula_and_each_comes_back_as_it_was(cell):
    shown = escape_formula(cell)
    assert shown.lstrip()[:1] not in tuple("=@|＝") or shown == ""
    assert unescape_formula(shown) == cell


@pytest.mark.django_db
@pytest.mark.parametrize("module", ["catalogue.shopify.reading", "devtools.replay.reading"])
def test_a_file_that_is_too_large_is_refused_unread(tmp_path, monkeypatch, module):
    monkeypatch.setattr(f"{module}.LARGEST", 10)
    file = tmp_path / "large.csv"
    file.write_text("x" * 11)
    command = "import_products" if "catalogue" in module else "replay_orders"
    with pytest.raises(CommandError, match="larger than 10 bytes"):
        call_command(command, str(file))
