"""From a file to rows."""

import random
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.shopify.columns import Column
from catalogue.shopify.drafting import draft_product
from catalogue.shopify.reading import UnreadableFile, read_rows
from tests.unit.catalogue.files import COLUMNS, LARGE_SHIRT, MUG, SMALL_SHIRT, write

HEADER = "Handle,Title,Variant Price\n"


def rows_of(path, text: str | bytes):
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_rows(path)


def outcome(path) -> str:
    try:
        return f"{len(read_rows(path))} rows"
    except UnreadableFile as refused:
        return str(refused)


def refusal(path, text: str | bytes) -> str:
    with pytest.raises(UnreadableFile) as refused:
        rows_of(path, text)
    return str(refused.value)


@given(columns=st.permutations(COLUMNS), extra=st.integers(0, len(COLUMNS)))
def test_columns_may_stand_in_any_order_among_others(tmp_path_factory, columns, extra):
    folder = tmp_path_factory.mktemp("order")
    columns = [*columns[:extra], "Cost per item", *columns[extra:]]
    usual = write(folder / "usual.csv", SMALL_SHIRT, LARGE_SHIRT)
    other = write(folder / "other.csv", SMALL_SHIRT, LARGE_SHIRT, columns=columns)
    assert draft_product(read_rows(other)) == draft_product(read_rows(usual))


def test_the_order_of_rows_of_different_products_does_not_matter(tmp_path):
    rows = [SMALL_SHIRT, MUG, LARGE_SHIRT]
    drafts = []
    for seed in range(3):
        random.Random(seed).shuffle(rows)
        found = read_rows(write(tmp_path / "shuffled.csv", *rows))
        drafts.append(draft_product([row for row in found if row[Column.HANDLE] == "mug"]).fields)
    assert drafts[0] == drafts[1] == drafts[2]


def test_a_byte_order_mark_is_no_part_of_the_first_column(product_file):
    assert rows_of(product_file, b"\xef\xbb\xbf" + b"Handle,Title,Variant Price\nmug,Mug,1\n")


def test_column_names_may_be_in_any_case_and_have_blanks_around(product_file):
    (row,) = rows_of(product_file, "HANDLE, title ,variant price\nmug,Mug,1\n")
    assert row[Column.PRICE] == "1"


def test_the_newer_names_of_columns_are_understood(product_file):
    (row,) = rows_of(product_file, "Title,URL handle,Price,Inventory quantity\nMug,mug,9,4\n")
    assert (row[Column.HANDLE], row[Column.PRICE], row[Column.QUANTITY]) == ("mug", "9", "4")


@pytest.mark.parametrize("header", ["{0},Price", "Price,{0}"])
def test_the_name_real_exports_carry_wins_over_another_for_the_same_column(product_file, header):
    names = header.format("Variant Price")
    cells = header.format("12").replace("Price", "99")
    (row,) = rows_of(product_file, f"Handle,Title,{names}\nmug,Mug,{cells}\n")
    assert row[Column.PRICE] == "12"


def test_a_row_is_known_by_the_physical_line_it_begins_on(product_file):
    text = 'Handle,Title,Variant Price\r\n"mug","two\r\nlines",1\r\n\r\npot,Pot,2\r\n'
    assert [row.line for row in rows_of(product_file, text)] == [2, 5]


def test_blank_rows_are_passed_over(product_file):
    assert rows_of(product_file, HEADER + "\n,,\n  , ,\n") == []


def test_rows_may_lack_trailing_cells(product_file):
    (row,) = rows_of(product_file, HEADER + "mug\n")
    assert row[Column.TITLE] == ""


def test_a_long_description_is_read(product_file):
    text = f'Handle,Title,Variant Price,Body (HTML)\nmug,Mug,1,"{"x" * 500_000}"\n'
    assert len(rows_of(product_file, text)[0][Column.BODY]) == 500_000


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(UnreadableFile, match=r"nowhere\.csv: No such file"):
        read_rows(tmp_path / "nowhere.csv")


def test_a_folder_is_refused(tmp_path):
    with pytest.raises(UnreadableFile, match="Is a directory"):
        read_rows(tmp_path)


def test_text_that_is_not_utf_8_is_refused_with_its_line(product_file):
    assert "not UTF-8 text (line 2)" in refusal(product_file, HEADER.encode() + b"m,M\xfcg,1\n")


@pytest.mark.parametrize("text", ["", "\n", '{"products": []}', "<html></html>", "a;b;c\n1;2;3\n"])
def test_what_is_no_product_file_is_refused(product_file, text):
    assert "no column Handle, Title, Variant Price" in refusal(product_file, text)


def test_missing_required_columns_are_named(product_file):
    assert "no column Title, Variant Price " in refusal(product_file, "Handle,Vendor\nmug,V\n")


def test_a_quote_that_is_never_closed_is_refused_with_its_line(product_file):
    message = refusal(product_file, HEADER + 'mug,Mug,1\npot,"Pot,2\nbowl,Bowl,3\n')
    assert "not CSV from line 3 on" in message


@given(content=st.binary(max_size=400))
def test_any_bytes_are_either_read_or_refused_in_one_line(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("any") / "any.csv"
    path.write_bytes(HEADER.encode() + content)
    assert "\n" not in outcome(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_spreadsheet_may_have_saved_the_file_in_its_own_way(tmp_path, encoding, mark):
    path = tmp_path / "saved.csv"
    cells = ["Handle", "Title", "Variant Price", "Published", "Variant Inventory Qty"]
    values = ["tasse", "Tasse à thé", "12.50" if mark == "," else "12,50", "VRAI", "3"]
    path.write_text("\n".join(map(mark.join, [cells, values])), encoding=encoding)
    draft = draft_product(read_rows(path))
    assert (draft.fields["title"], draft.fields["published"]) == ("Tasse à thé", True)
    (variant,) = draft.variants
    assert (variant.fields["price"].amount, variant.stock.units) == (Decimal("12.50"), 3)
