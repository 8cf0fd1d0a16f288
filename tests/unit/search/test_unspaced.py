"""Words of scripts without spaces are found wherever they stand."""

import json

import pytest
from django.db import connection

from catalogue.search.filters import Filters
from catalogue.search.models import Listing
from catalogue.search.results import matching, search_for
from catalogue.search.text_query import MOST_WORDS, words_of
from tests.unit.search.goods import goods
from tests.unit.search.test_searching import found

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("有機緑茶ティーバッグ", "緑茶"),
        ("有機緑茶ティーバッグ", "バッグ"),
        ("有機緑茶ティーバッグ", "ﾊﾞｯｸﾞ"),
        ("有機緑茶", "茶"),
        ("有機緑茶", "有"),
        ("有機緑茶２００ｇ", "200g"),
        ("ABC緑茶セット", "abc セット"),
        ("コーヒー・カップ", "カップ"),
        ("中国红茶礼盒", "红茶"),
        ("臺灣烏龍茶", "烏龍"),
        ("유기농녹차", "녹차"),
        ("ชาเขียวออร์แกนิก", "เขียว"),
        ("น้ำชาเย็น", "ชา"),
        ("ຊາຂຽວ", "ຂຽວ"),
        ("တရုတ်လက်ဖက်", "လက်ဖက်"),
        ("តែបៃតង", "បៃតង"),
        ("Japanese 抹茶 Whisk", "抹茶 whisk"),
    ],
)
def test_a_word_is_found_wherever_it_stands(title, text):
    goods(title, handle="it")
    goods("Enamel Teapot")
    assert found(text) == [title]


@pytest.mark.parametrize(
    ("title", "text"), [("كِتَابٌ", "كتاب"), ("كتاب", "كِتَاب"), ("שָׁלוֹם", "שלום"), ("कॉफ़ी मग", "मग")]
)
def test_points_may_be_written_or_left_out(title, text):
    goods(title, handle="it")
    assert found(text) == [title]


def test_letters_that_stand_apart_are_not_the_word():
    goods("茶色の緑のかご", handle="basket")
    goods("有機緑茶", handle="tea")
    search = search_for("緑茶")
    assert not search.any_of
    assert found("緑茶") == ["有機緑茶"]


def test_a_long_question_in_one_piece_has_as_many_words_as_any():
    assert len(words_of("有機緑茶ティーバッグ詰め合わせ" * 20)) == MOST_WORDS


def test_a_title_is_sorted_as_it_is_written():
    goods("緑茶 Green", handle="tea")
    assert Listing.objects.get().name == "緑茶 green"


def test_the_index_answers():
    """Planned for many lines, whatever few there are now."""
    for number in range(5):
        goods(f"有機緑茶{number}", handle=f"tea-{number}")
    query = matching(Filters(query="緑茶"), search_for("緑茶")).values("pk")
    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
    assert "search_listing_words" in json.dumps(query.explain(format="json"))
