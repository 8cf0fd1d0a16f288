"""From what somebody typed to a question the lines can answer."""

from django.contrib.postgres.search import SearchQuery, SearchQueryCombinable
from django.db import connection

#: Nobody means more words than that, and each costs time.
MOST_WORDS = 8

#: What a word may also be, cut back to its stem: "candles" is asked as "candl...", and so finds
#: a candle; in any other language words are found by their beginning all the same.
LANGUAGES = ("simple", "english", "german")


def words_of(text: str) -> list[str]:
    """The words in a text, taken apart as those of products are. One query."""
    with connection.cursor() as cursor:
        cursor.execute("select search_words(%s)", [text])
        (said,) = cursor.fetchone()
    return list(dict.fromkeys(said.split()))[:MOST_WORDS]


def with_all(words: list[str]) -> SearchQueryCombinable:
    """What has words that begin like each of these, or like its stem."""
    return _asked(words, " & ")


def with_any(words: list[str]) -> SearchQueryCombinable:
    """What has a word that begins like one of these."""
    return _asked(words, " | ")


def _asked(words: list[str], join: str) -> SearchQueryCombinable:
    # Letters and digits only, so that nothing in it is taken for an operator.
    question = join.join(f"{word}:*" for word in words)
    simple, *stemmed = (
        SearchQuery(question, config=language, search_type="raw") for language in LANGUAGES
    )
    for query in stemmed:
        simple = simple | query
    return simple


def known_words(words: list[str]) -> list[str]:
    """The same words, each that no product has in the spelling of the most similar. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select coalesce(
                (select typed where exists
                    (select from search_word where word like typed || '%%')),
                (select word from search_word where word %% typed
                    order by similarity(word, typed) desc, word limit 1),
                typed)
            from unnest(%s::text[]) with ordinality as asked (typed, place) order by place
            """,
            [words],
        )
        return [word for (word,) in cursor.fetchall()]
