"""What a product of the file may be: each rule of the format, and how its breach is reported."""

from decimal import Decimal

import pytest
from djmoney.money import Money
from hypothesis import given
from hypothesis import strategies as st

from catalogue.shopify.cells import price
from catalogue.shopify.drafting import draft_product
from catalogue.shopify.drafts import ImageDraft
from catalogue.shopify.findings import UnsoundProduct
from catalogue.shopify.reading import read_rows
from catalogue.shopify.variants import derived_sku
from tests.unit.catalogue.files import COLUMNS, LARGE_SHIRT, MUG, SMALL_SHIRT, without


def test_a_row_is_a_product_with_its_first_variant(drafting):
    draft = drafting(MUG)
    assert draft.handle == "mug"
    assert draft.fields["title"] == "Mug"
    assert draft.fields["tags"] == ["tea", "gift"]
    assert draft.category == "Kitchen"
    (variant,) = draft.variants
    assert variant.sku == "MUG"
    assert variant.fields["price"] == Money("16.00", "EUR")
    assert variant.stock.units == 7


def test_further_rows_are_further_variants(drafting):
    draft = drafting(SMALL_SHIRT, LARGE_SHIRT)
    assert draft.fields["option_names"] == ["Size", "Colour"]
    assert [v.fields["option_values"] for v in draft.variants] == [["S", "Red"], ["L", "Red"]]
    assert [v.fields["position"] for v in draft.variants] == [1, 2]


def test_the_default_variant_has_no_options(drafting):
    draft = drafting(MUG)
    assert draft.fields["option_names"] == []
    assert draft.variants[0].fields["option_values"] == []


def test_a_row_with_only_a_picture_adds_no_variant(drafting):
    picture = {"Handle": "mug", "Image Src": "https://cdn.example/2.jpg", "Image Position": "2"}
    draft = drafting(MUG, picture)
    assert len(draft.variants) == 1
    assert [image.src for image in draft.images] == [MUG["Image Src"], picture["Image Src"]]


def test_a_picture_without_position_stands_where_it_was_met(drafting):
    draft = drafting(without(MUG, "Image Position"), {"Handle": "mug", "Image Src": "b.jpg"})
    assert [image.position for image in draft.images] == [1, 2]


def test_a_picture_named_twice_is_one_picture(drafting):
    assert len(drafting(MUG, {"Handle": "mug", "Image Src": MUG["Image Src"]}).images) == 1


def test_a_variants_own_picture_belongs_to_it_and_takes_its_text_from_the_gallery(drafting):
    small = SMALL_SHIRT | {"Variant Image": "https://cdn.example/s.jpg", "Image Alt Text": "Small"}
    draft = drafting(small, LARGE_SHIRT)
    assert draft.images == [ImageDraft("https://cdn.example/s.jpg", "Small", 1, "SHIRT-S")]


def test_an_address_without_scheme_is_https(drafting):
    draft = drafting(MUG | {"Image Src": "//cdn.example/mug.jpg"})
    assert draft.images[0].src == "https://cdn.example/mug.jpg"


def test_without_a_column_for_pictures_nothing_is_said_of_them(drafting):
    columns = [column for column in COLUMNS if column != "Image Src"]
    assert drafting(MUG, columns=columns).images is None


def test_what_the_file_has_no_column_for_is_not_among_the_fields(drafting):
    draft = drafting(MUG, columns=["Handle", "Title", "Variant Price"])
    assert draft.fields == {"title": "Mug", "option_names": []}
    assert draft.category is None


def test_the_description_loses_what_could_run(drafting):
    body = '<p onclick="x()">Hi</p><script>alert(1)</script>'
    assert drafting(MUG | {"Body (HTML)": body}).fields["body"] == "<p>Hi</p>"


def test_a_description_may_go_over_several_lines(drafting):
    assert drafting(MUG | {"Body (HTML)": "<p>a</p>\n<p>b</p>"}).fields["body"].count("\n") == 1


def test_tags_are_separated_by_commas_each_once(drafting):
    assert drafting(MUG | {"Tags": " tea,, gift ,tea"}).fields["tags"] == ["tea", "gift"]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("true", True), ("TRUE", True), ("", True), ("false", False), ("FALSE", False)],
)
def test_published_is_true_or_false_and_blank_is_true(drafting, cell, expected):
    assert drafting(MUG | {"Published": cell}).fields["published"] is expected


@pytest.mark.parametrize(
    ("status", "expected"), [("active", True), ("", True), ("draft", False), ("archived", False)]
)
def test_only_an_active_product_is_published(drafting, status, expected):
    draft = drafting(MUG | {"Status": status}, columns=[*COLUMNS, "Status"])
    assert draft.fields["published"] is expected


def test_a_product_that_is_neither_true_nor_false_is_refused(problems):
    assert problems(MUG | {"Published": "maybe"}) == [
        (2, "Published", "is not one of TRUE, FALSE: 'maybe'")
    ]


@pytest.mark.parametrize(
    ("type_", "standard", "category"),
    [
        ("Mugs", "Home > Kitchen", "Mugs"),
        ("", "Home > Kitchen > Cups", "Cups"),
        ("", "Uncategorized", ""),
        ("", "", ""),
    ],
)
def test_the_category_is_the_type_or_the_last_part_of_the_standard_one(
    drafting, type_, standard, category
):
    row = MUG | {"Type": type_, "Product Category": standard}
    assert drafting(row, columns=[*COLUMNS, "Product Category"]).category == category


def test_a_variant_without_sku_gets_one_of_its_own(drafting):
    rows = without(SMALL_SHIRT, "Variant SKU"), without(LARGE_SHIRT, "Variant SKU")
    small, large = drafting(*rows).variants
    assert small.sku.startswith("SHIRT-S-RED-")
    assert small.sku != large.sku
    assert [v.sku for v in drafting(*rows).variants] == [small.sku, large.sku]


@given(
    one=st.tuples(st.text(), st.lists(st.text(), max_size=3)),
    other=st.tuples(st.text(), st.lists(st.text(), max_size=3)),
)
def test_derived_skus_differ_unless_handle_and_options_are_the_same(one, other):
    assert (derived_sku(*one) == derived_sku(*other)) == (one == other)
    assert len(derived_sku(*one)) <= 255


def test_an_apostrophe_that_guards_a_code_from_spreadsheets_is_dropped(drafting):
    draft = drafting(MUG | {"Variant SKU": "'0012", "Variant Barcode": "'4006381333931"})
    assert draft.variants[0].sku == "0012"
    assert draft.variants[0].fields["barcode"] == "4006381333931"


def test_fractions_of_a_gram_are_rounded(drafting):
    assert drafting(MUG | {"Variant Grams": "453.59237"}).variants[0].fields["grams"] == 454


@pytest.mark.parametrize("cell", ["", "0", "0.00"])
def test_a_former_price_of_nothing_is_none(drafting, cell):
    draft = drafting(MUG | {"Variant Compare At Price": cell})
    assert draft.variants[0].fields["compare_at_price"] is None


@given(st.decimals(0, Decimal("9999999999.99"), places=2))
def test_prices_are_exact(amount):
    assert price(f"{amount:f}").amount == amount


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("", "is blank"),
        ("-1", "is not between 0 and 9999999999.99: -1"),
        ("9.999", "has more than 2 decimals: 9.999"),
        ("10000000000", "is not between 0 and 9999999999.99: 10000000000"),
        ("12,50", "is not a number such as 12.50: '12,50'"),
        ("€ 5", "is not a number such as 12.50: '€ 5'"),
        ("NaN", "is not a number such as 12.50: 'NaN'"),
        ("1e3", "is not a number such as 12.50: '1e3'"),
        ("9" * 60, f"is not a number such as 12.50: '{'9' * 40}...'"),
    ],
)
def test_a_price_is_an_amount_with_at_most_two_decimals(problems, cell, reason):
    assert problems(MUG | {"Variant Price": cell}) == [(2, "Variant Price", reason)]


@pytest.mark.parametrize(
    ("column", "cell", "reason"),
    [
        ("Variant Inventory Qty", "1.5", "is not a whole number: 1.5"),
        ("Variant Inventory Qty", "many", "is not a number such as 12.50: 'many'"),
        ("Variant Inventory Qty", "3000000000", "is too large: 3000000000"),
        ("Variant Inventory Policy", "ask", "is not one of CONTINUE, DENY: 'ask'"),
        ("Variant Grams", "-5", "is negative: -5"),
        ("Variant Taxable", "yes", "is not one of TRUE, FALSE: 'yes'"),
        ("Image Src", "javascript:x()", "is neither an http(s) address nor a file name"),
        ("Image Position", "first", "is not a number such as 12.50: 'first'"),
        ("Title", "x" * 256, "is longer than 255 characters"),
        ("Tags", "x" * 256, "is longer than 255 characters"),
        ("Variant SKU", "x" * 256, "is longer than 255 characters"),
        ("Vendor", "a\0b", "holds a NUL character"),
    ],
)
def test_a_cell_that_cannot_be_read_is_reported(problems, column, cell, reason):
    assert problems(MUG | {column: cell}) == [(2, column, reason)]


TRACKED, BACKORDER, UNTRACKED, UNCOUNTED = "tracked", "backorder", "untracked", "uncounted"
STOCK = {"tracker": "Variant Inventory Tracker", "policy": "Variant Inventory Policy"}
STOCK |= {"units": "Variant Inventory Qty"}


@pytest.mark.parametrize(
    ("said", "selling", "units"),
    [
        ({"tracker": "shopify", "policy": "deny", "units": "5"}, TRACKED, 5),
        ({"tracker": "shopify", "policy": "deny", "units": "0"}, TRACKED, 0),
        # Owed by another shop: here there is none.
        ({"tracker": "shopify", "policy": "deny", "units": "-2"}, TRACKED, 0),
        ({"tracker": "shopify", "policy": "continue", "units": "0"}, BACKORDER, 0),
        ({"tracker": "shopify", "policy": "continue", "units": "-2"}, BACKORDER, 0),
        ({"tracker": "shopify", "policy": "continue", "units": ""}, BACKORDER, None),
        ({"tracker": "shopify", "policy": "TRUE", "units": "0"}, BACKORDER, 0),
        ({"tracker": "shopify", "policy": "FALSE", "units": "0"}, TRACKED, 0),
        ({"tracker": "", "policy": "deny", "units": "0"}, UNTRACKED, 0),
        ({"tracker": "", "policy": "deny", "units": "-1"}, UNTRACKED, 0),
        ({"tracker": "", "policy": "continue", "units": "3"}, UNTRACKED, 3),
        ({"tracker": "shopify", "policy": "deny", "units": ""}, UNCOUNTED, None),
        ({"tracker": "shopify", "policy": "deny"}, UNCOUNTED, None),
        ({"units": "4"}, TRACKED, 4),
        ({"policy": "continue"}, BACKORDER, None),
        ({}, UNCOUNTED, None),
    ],
)
def test_unknown_unlimited_and_none_are_three_things(drafting, said, selling, units):
    row = MUG | {STOCK[name]: cell for name, cell in said.items()}
    columns = [*(c for c in COLUMNS if c not in STOCK.values()), *(STOCK[name] for name in said)]
    stock = drafting(row, columns=columns).variants[0].stock
    assert (stock.selling(), stock.units) == (selling, units)


@pytest.mark.parametrize("now", [TRACKED, BACKORDER, UNTRACKED, UNCOUNTED])
def test_a_file_that_says_nothing_of_stock_changes_nothing_in_how_it_sells(drafting, now):
    draft = drafting(MUG, columns=["Handle", "Title", "Variant SKU", "Variant Price"])
    assert draft.variants[0].stock.selling(now) == now


@pytest.mark.parametrize("handle", ["a b", "a/b", "a?b", "a%b", "a#b", "a\\b"])
def test_a_handle_must_be_fit_for_an_address(problems, handle):
    ((_, column, reason),) = problems(MUG | {"Handle": handle})
    assert column == "Handle"
    assert reason.endswith("cannot stand in an address")


def test_a_row_without_handle_is_refused(problems):
    assert problems(MUG | {"Handle": ""}) == [(2, "Handle", "is blank")]


def test_a_product_without_title_is_refused(problems):
    assert problems(MUG | {"Title": ""}) == [(2, "Title", "is blank")]


def test_an_option_without_name_is_refused(problems):
    row = without(SMALL_SHIRT, "Option1 Name")
    assert problems(row) == [(2, "Option1 Name", "is blank")]


def test_an_option_without_value_is_refused(problems):
    large = LARGE_SHIRT | {"Option2 Value": ""}
    assert problems(SMALL_SHIRT, large) == [(3, "Option2 Value", "is blank")]


def test_two_variants_with_the_same_options_are_refused(problems):
    again = LARGE_SHIRT | {"Option1 Value": "S"}
    assert problems(SMALL_SHIRT, again) == [
        (3, "Option1 Value", "the options repeat those of line 2")
    ]


def test_variants_with_the_same_sku_have_a_key_each_and_show_the_sku(drafting):
    again = LARGE_SHIRT | {"Variant SKU": "SHIRT-S"}
    small, large = drafting(SMALL_SHIRT, again).variants
    assert small.sku != large.sku
    assert {v.fields["shared_sku"] for v in (small, large)} == {"SHIRT-S"}


def test_more_cells_than_columns_are_refused(product_file):
    product_file.write_text("Handle,Title,Variant Price\nmug,Mug,1,2\n")
    with pytest.raises(UnsoundProduct, match="more cells than there are columns"):
        draft_product(read_rows(product_file))


def test_everything_wrong_is_reported_at_once(problems):
    row = MUG | {"Title": "", "Variant Price": "", "Published": "?", "Variant Grams": "x"}
    found = {column for _, column, _ in problems(row)}
    assert found == {"Title", "Variant Price", "Published", "Variant Grams"}
