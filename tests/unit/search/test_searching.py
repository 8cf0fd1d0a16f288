"""What is found by which words."""

import pytest

from catalogue.search.filters import Filters
from catalogue.search.results import matching, search_for, sorted_by
from tests.unit.search.goods import category, goods

pytestmark = pytest.mark.django_db


def found(text: str) -> list[str]:
    """The titles found, in the order in which they are shown."""
    search = search_for(text)
    fits = matching(Filters(query=text), search)
    return [listing.title for listing in sorted_by(fits, "relevance", search)]


@pytest.fixture
def _shop():
    goods(
        "Enamel Teapot",
        "Crème/2 litres",
        option_names=["Colour", "Volume"],
        vendor="Harrow & Daughters",
        body="<p>Pours without a drip&nbsp;, as good as a candlestick.</p>",
        category=category("Kitchen"),
        tags=["breakfast"],
        skus=["TEA-1842/C"],
    )
    goods("Beeswax Candle", category=category("Lighting"))
    goods("Kerzenständer aus Messing")
    goods("Blackberry Jam", body="From our own berries.")


@pytest.mark.usefixtures("_shop")
@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("teapot", "Enamel Teapot"),
        ("TEAPOT enamel", "Enamel Teapot"),
        ("teap", "Enamel Teapot"),
        ("tepot", "Enamel Teapot"),
        ("enamal tepot", "Enamel Teapot"),
        ("tea pot", "Enamel Teapot"),
        ("teapots", "Enamel Teapot"),
        ("a teapot for the table", "Enamel Teapot"),
        ("cadle", "Beeswax Candle"),
        ("bees wax candle", "Beeswax Candle"),
        ("TEA-1842/C", "Enamel Teapot"),
        ("1842", "Enamel Teapot"),
        ("harrow", "Enamel Teapot"),
        ("daugthers", "Enamel Teapot"),
        ("creme", "Enamel Teapot"),
        ("crème", "Enamel Teapot"),
        ("kitchen", "Enamel Teapot"),
        ("breakfast", "Enamel Teapot"),
        ("dripping", "Enamel Teapot"),
        ("kerzenstander", "Kerzenständer aus Messing"),
        ("Kerzenstaender", "Kerzenständer aus Messing"),
        ("kerzenständern", "Kerzenständer aus Messing"),
        ("berries", "Blackberry Jam"),
        ("blackberries", "Blackberry Jam"),
        ("enamelware", "Enamel Teapot"),
    ],
)
def test_it_is_found_by(text, title):
    assert title in found(text)


@pytest.mark.usefixtures("_shop")
def test_title_ranks_above_description():
    assert found("candle") == ["Beeswax Candle", "Enamel Teapot"]


@pytest.mark.usefixtures("_shop")
def test_all_words_are_wanted_where_something_has_them_all():
    assert found("enamel kitchen teapot") == ["Enamel Teapot"]


@pytest.mark.usefixtures("_shop")
def test_some_of_the_words_do_where_nothing_has_them_all():
    search = search_for("teapot jam")
    assert search.any_of
    assert set(found("teapot jam")) == {"Enamel Teapot", "Blackberry Jam"}


def test_the_very_word_ranks_above_one_that_begins_like_it():
    for title in ("Potato Peeler", "Small Pot", "Potted Fern"):
        goods(title)
    assert found("pot")[0] == "Small Pot"
    assert set(found("pot")) == {"Small Pot", "Potato Peeler", "Potted Fern"}


def test_a_title_ranks_above_a_description_for_the_beginning_of_a_word_too():
    goods("Brass Holder", body="For any candle.")
    goods("Wax Candle")
    assert found("cand") == ["Wax Candle", "Brass Holder"]


def test_a_word_is_found_in_any_of_its_forms():
    goods("Candy Jar")
    goods("Two Candies")
    assert set(found("candies")) == set(found("candy")) == {"Candy Jar", "Two Candies"}


def test_a_short_german_stem_finds_nothing_else():
    goods("Linen Towel")
    goods("Lined Notebook")
    assert found("linen") == ["Linen Towel"]


@pytest.mark.usefixtures("_shop")
@pytest.mark.parametrize("text", ["jar", "capes", "enchantment"])
def test_a_word_of_something_else_is_not_corrected(text):
    """It is short, or too many of its letters would be otherwise."""
    assert found(text) == []


@pytest.mark.usefixtures("_shop")
def test_words_that_say_nothing_are_left_out_where_there_are_others():
    assert search_for("the teapot and a jam").words == ["teapot", "jam"]
    assert search_for("the and").words == ["the", "and"]


@pytest.mark.usefixtures("_shop")
def test_a_misspelt_word_is_told_with_what_was_meant():
    search = search_for("enamel tepot")
    assert (search.corrected, search.words) == (True, ["enamel", "teapot"])


@pytest.mark.usefixtures("_shop")
def test_what_is_found_as_typed_is_not_corrected():
    assert not search_for("tea").corrected


@pytest.mark.usefixtures("_shop")
@pytest.mark.parametrize("text", ["", "   ", "&|!:*()", "''\\", "<->", "%_%", "…", "\t"])
def test_what_holds_no_word_finds_nothing(text):
    assert search_for(text) is None


@pytest.mark.usefixtures("_shop")
@pytest.mark.parametrize(
    "text",
    [
        "xyzzy",
        "teapot:*",
        "!teapot",
        "teapot & | (",
        "' or 1=1 --",
        "the",
        "日本",
        "x" * 200,
        "ß" * 200,
        "日" * 200,
    ],
)
def test_no_text_is_too_strange(text):
    assert isinstance(found(text), list)


def test_words_of_a_product_that_is_gone_correct_nothing():
    goods("Teapot").delete()
    goods("Teaspoon")
    assert found("tepot") in (["Teaspoon"], [])
