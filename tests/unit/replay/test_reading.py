"""Which files can be read, and what is said of those that cannot."""

from decimal import Decimal

import pytest

from devtools.replay.errors import Unreadable
from devtools.replay.reading import read_rows
from orders.services import MOST_LINES
from tests.unit.replay.conftest import COLUMNS, row


def refusal(path) -> str:
    with pytest.raises(Unreadable) as caught:
        read_rows(path)
    return str(caught.value).removeprefix(f"{path}: ")


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (row(quantity="six"), "line 3, Quantity: is not a whole number such as 6: 'six'"),
        (row(quantity="1.5"), "line 3, Quantity: is not a whole number such as 6: '1.5'"),
        (row(quantity=""), "line 3, Quantity: is not a whole number such as 6: ''"),
        (row(quantity=2_000_000), "line 3, Quantity: is above 1000000: 2000000"),
        (row(price="2,55"), "line 3: 9 cells, not 8"),
        (row(price="£2"), "line 3, UnitPrice: is not a number such as 2.55: '£2'"),
        (row(price="nan"), "line 3, UnitPrice: is not a number such as 2.55: 'nan'"),
        (row(price="1e9"), "line 3, UnitPrice: is not a number such as 2.55: '1e9'"),
        (row(price="2.555"), "line 3, UnitPrice: has more than 2 decimals: 2.555"),
        (row(price="1000000"), "line 3, UnitPrice: is above 100000: 1000000"),
        (
            row(minute="yesterday"),
            "line 3, InvoiceDate: is not a date such as 2010-12-01 08:26:00: 'yesterday'",
        ),
        (
            row(minute="2010-02-30 08:00:00"),
            "line 3, InvoiceDate: is not a date such as 2010-12-01 08:26:00: '2010-02-30 08:00:00'",
        ),
        (row(customer="Ada"), "line 3, CustomerID: is not a whole number such as 6: 'Ada'"),
        (row(customer="-1"), "line 3, CustomerID: is negative: '-1'"),
        (row(invoice=""), "line 3, InvoiceNo: is not an invoice's number such as 536365: ''"),
        ("536365,85123A", "line 3: 2 cells, not 8"),
        ('"536365', "line 3: not CSV: unexpected end of data"),
    ],
)
def test_a_bad_row_is_named_with_line_column_and_reason(file, bad, said):
    assert refusal(file(row(), bad)) == said


@pytest.mark.parametrize(("lines", "description"), [(MOST_LINES + 1, "LANTERN"), (1000, "é" * 255)])
def test_an_invoice_that_no_order_takes_is_named_before_anything_is_placed(
    file, lines, description
):
    rows = [row().replace("LANTERN", description)] * lines
    said = f"invoice 536365: at most {MOST_LINES} lines fit on an order"
    assert refusal(file(*rows)) == said


def test_an_invoice_of_the_greatest_day_is_read(file):
    assert len(read_rows(file(*[row()] * 1114))) == 1114


def test_lines_are_counted_as_an_editor_counts_them(file):
    two_lines = row().replace("LANTERN", '"LAN\nTERN"')
    assert refusal(file(two_lines, "", row(quantity="x"))).startswith("line 5, Quantity")


def test_a_missing_column_is_named(file):
    assert refusal(file(columns=COLUMNS.replace("UnitPrice", "Price"))) == (
        "line 1: no column UnitPrice"
    )


def test_an_empty_file_lacks_every_column(tmp_path):
    path = tmp_path / "empty.csv"
    path.touch()
    assert refusal(path).startswith("line 1: no column InvoiceNo, StockCode")


def test_a_missing_file_is_named(tmp_path):
    path = tmp_path / "missing.csv"
    with pytest.raises(Unreadable, match=r"missing\.csv: No such file or directory"):
        read_rows(path)


def test_a_file_that_is_no_text_is_refused(tmp_path):
    path = tmp_path / "day.xlsx"
    path.write_bytes(b"PK\x03\x04\x00\x00")
    assert refusal(path) == "not text in UTF-8 or Latin-1; save it as CSV in UTF-8"


def test_a_file_without_rows_is_an_empty_day(file):
    assert read_rows(file()) == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "latin-1"])
def test_the_usual_encodings_are_read(tmp_path, encoding):
    path = tmp_path / "day.csv"
    path.write_text(f"{COLUMNS}\n{row().replace('LANTERN', 'CAFÉ £5')}\n", encoding=encoding)
    assert read_rows(path)[0].description == "CAFÉ £5"


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n\n", "\n,,,,,,,\n"])
def test_line_ends_and_blank_lines_make_no_difference(tmp_path, end):
    path = tmp_path / "day.csv"
    path.write_bytes(end.join([COLUMNS, row(), row(), ""]).encode())
    assert len(read_rows(path)) == 2


@pytest.mark.parametrize("written", ["17850", "17850.0", " 17850 ", "017850"])
def test_a_customer_is_known_by_their_number_however_written(file, written):
    assert read_rows(file(row(customer=written)))[0].customer == "17850"


def test_without_a_customers_number_it_is_a_guest(file):
    assert read_rows(file(row(customer="")))[0].customer is None


@pytest.mark.parametrize(
    "written", ["2010-12-01 08:26:00", "2010-12-01T08:26:00", "2010-12-01 08:26", "12/1/2010 8:26"]
)
def test_dates_are_read_as_published_and_as_spreadsheets_write_them(file, written):
    assert read_rows(file(row(minute=written)))[0].at.isoformat() == "2010-12-01T08:26:00"


def test_columns_may_stand_in_any_order_beside_others(file):
    columns = f"Extra,{','.join(reversed(COLUMNS.split(',')))}"
    reversed_row = f"x,{','.join(reversed(row().split(',')))}"
    assert read_rows(file(reversed_row, columns=columns))[0].stock_code == "85123A"


def test_prices_that_no_order_will_have_may_have_any_decimals(file):
    rows = read_rows(file(row(code="PADS", price="0.001"), row(price="-11062.06")))
    assert [row.price for row in rows] == [Decimal("0.001"), Decimal("-11062.06")]
