"""A file's rows by the rules."""

from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from devtools.replay.day import Day, SentBack
from devtools.replay.reading import read_rows
from tests.unit.replay.conftest import COLUMNS, DAY, row
from tests.unit.replay.plain_count import count

BEGINNING = {
    "invoices": 143,
    "orders_placed": 127,
    "lines": 3064,
    "units": 26909,
    "returns_matched": 6,
    "returns_unmatched": 176,
    "skipped_lines": {"not_goods": 9, "no_price": 10, "nonpositive_quantity": 0},
    "revenue_placed": Decimal("57626.33"),
}


def figures(day: Day) -> dict:
    return {
        "invoices": len(day.invoices),
        "orders_placed": len(day.sales),
        "lines": len(day.rows_sold),
        "units": day.units_by_sku().total(),
        "returns_matched": day.returned,
        "returns_unmatched": day.unmatched,
        "skipped_lines": day.skipped,
        "revenue_placed": sum(row.quantity * row.price for row in day.rows_sold),
        "went_back": went_back(day),
    }


def went_back(day: Day) -> dict[tuple[str, str, int], int]:
    """Units by return, sale and line."""
    return {
        (step.invoice, sale, line): units
        for step in day.steps
        if isinstance(step, SentBack)
        for sale, lines in step.units.items()
        for line, units in lines.items()
    }


def day_of(path: Path) -> Day:
    return Day(read_rows(path))


def test_the_day_that_comes_with_the_project_has_these_figures():
    found = figures(day_of(DAY))
    del found["went_back"]
    assert found == BEGINNING


def test_a_real_day_amounts_to_what_a_plain_count_finds():
    assert figures(day_of(DAY)) == count(DAY.read_text())


# Few values of each kind, so that rows often meet.
ROWS = st.builds(
    row,
    invoice=st.sampled_from(["1", "2", "3", "C4", "C5", "A6"]),
    code=st.sampled_from(["11111", "22222B", "33333ab", "33333abc", "4444", "POST", "M"]),
    quantity=st.integers(-6, 12),
    minute=st.integers(0, 5),
    price=st.sampled_from(["0.0", "0.85", "2.5", "-1", "12"]),
    customer=st.sampled_from(["", "7", "7.0", "8.0"]),
)


@for_all(rows=st.lists(ROWS, max_size=30))
def test_any_day_amounts_to_what_a_plain_count_finds(rows):
    text = "\n".join([COLUMNS, *rows])
    with TemporaryDirectory() as folder:
        path = Path(folder, "day.csv")
        path.write_text(text)
        assert figures(day_of(path)) == count(text)


@pytest.mark.parametrize("code", ["POST", "DOT", "M", "BANK CHARGES", "1234", "123456", "12345ABC"])
def test_what_has_no_stock_code_of_goods_is_not_goods(file, code):
    day = day_of(file(row(code=code), row(invoice="C1", code=code)))
    assert (day.skipped["not_goods"], day.sales) == (2, [])


@pytest.mark.parametrize("code", ["12345", "12345A", "12345BL", "12345bl"])
def test_five_digits_and_at_most_two_letters_are_goods(file, code):
    assert day_of(file(row(code=code))).units_by_sku() == {code: 6}


def test_a_row_is_skipped_for_the_first_reason_that_holds(file):
    day = day_of(
        file(
            row(code="POST", price="0", quantity=-1),
            row(price="0.0", quantity=-1),
            row(price="-5"),
            row(quantity=0),
            row(quantity=-3),
        )
    )
    assert day.skipped == {"not_goods": 1, "no_price": 2, "nonpositive_quantity": 2}


def test_an_invoice_without_goods_is_no_order(file):
    day = day_of(file(row(invoice="1", code="POST"), row(invoice="2")))
    assert [sale.invoice for sale in day.sales] == ["2"]
    assert len(day.invoices) == 2


def test_every_row_of_goods_is_an_order_line_of_its_own_at_the_files_price(file):
    day = day_of(file(row(price="2.55"), row(price="1.95"), row(price="2.55")))
    assert [row.price for row in day.sales[0].rows] == list(map(Decimal, ("2.55", "1.95", "2.55")))


def test_rows_are_taken_in_order_of_date_and_within_a_minute_as_in_the_file(file):
    later, first, second = row("3", minute=9), row("1", minute=1), row("2", minute=1)
    assert [s.invoice for s in day_of(file(later, first, second)).steps] == ["1", "2", "3"]


def test_an_order_is_placed_when_its_first_row_of_goods_comes(file):
    day = day_of(file(row("1", code="POST", minute=1), row("2", minute=2), row("1", minute=3)))
    assert [(step.invoice, step.at.minute) for step in day.steps] == [("2", 2), ("1", 3)]


def test_a_return_goes_to_the_newest_line_first_and_then_to_older_ones(file):
    rows = [row("1", quantity=2, minute=1), row("2", quantity=2, minute=2)]
    day = day_of(file(*rows, row("C3", quantity=-3, minute=3)))
    assert went_back(day) == {("C3", "2", 1): 2, ("C3", "1", 1): 1}


def test_within_an_order_the_last_line_is_the_newest(file):
    day = day_of(file(row(quantity=2), row(quantity=2), row("C3", quantity=-3, minute=3)))
    assert went_back(day) == {("C3", "536365", 2): 2, ("C3", "536365", 1): 1}


def test_no_more_goes_back_than_was_bought_and_not_yet_returned(file):
    rows = [row("1", quantity=5), row("C2", quantity=-3, minute=1)]
    day = day_of(file(*rows, row("C3", quantity=-3, minute=2)))
    assert went_back(day) == {("C2", "1", 1): 3, ("C3", "1", 1): 2}
    assert (day.returned, day.unmatched) == (5, 1)


@pytest.mark.parametrize(
    "changed", [{"customer": "13047.0"}, {"code": "71053"}, {"code": "85123a"}, {"customer": ""}]
)
def test_a_return_of_another_customer_or_product_finds_nothing(file, changed):
    day = day_of(file(row(), row("C1", quantity=-2, minute=1, **changed)))
    assert (day.returned, day.unmatched) == (0, 2)


def test_a_guests_return_finds_nothing(file):
    day = day_of(file(row(customer=""), row("C1", customer="", quantity=-2, minute=1)))
    assert (day.returned, day.unmatched) == (0, 2)


def test_a_return_finds_only_what_was_bought_before_it(file):
    day = day_of(file(row(minute=5), row("C1", quantity=-2, minute=4)))
    assert (day.returned, day.unmatched) == (0, 2)


def test_a_return_comes_after_all_the_orders_it_finds(file):
    bought = row("1", minute=1), row("3", code="71053", minute=3)
    sent_back = row("C2", minute=2), row("C2", code="71053", minute=4)
    day = day_of(file(*bought, *sent_back))
    assert [(step.invoice, step.at.minute) for step in day.steps] == [("1", 1), ("3", 3), ("C2", 4)]


def test_returned_lines_that_are_no_goods_or_have_no_price_are_skipped_as_well(file):
    day = day_of(file(row("C1", code="D"), row("C1", price="0.0")))
    assert day.skipped == {"not_goods": 1, "no_price": 1, "nonpositive_quantity": 0}
    assert day.unmatched == 0
