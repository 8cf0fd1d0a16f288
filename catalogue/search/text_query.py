"""Full-text queries made of what somebody typed."""

from django.contrib.postgres.search import SearchQuery
from django.db import connection

#: Nobody means more words than that, and each costs time.
MOST_WORDS = 8


class PrefixQuery(SearchQuery):
    """A query for words by their beginnings or their stems' (`search_query` in the database)."""

    SEARCH_TYPES = {**SearchQuery.SEARCH_TYPES, "beginnings": "search_query"}


def words_of(text: str) -> list[str]:
    """Split a text into words as those of products are. One query.

    Words such as "the" are left out where there are others.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select word, ts_lexize('english_stem', word) = '{}'
            from unnest(string_to_array(search_words(%s), ' '))
                with ordinality as said (word, place)
            order by place
            """,
            [text],
        )
        said = dict(cursor.fetchall())
    telling = [word for word, says_nothing in said.items() if not says_nothing]
    return (telling or list(said))[:MOST_WORDS]


def with_all(words: list[str]) -> PrefixQuery:
    """Return what has words that begin like each of these."""
    return PrefixQuery(" & ".join(words), search_type="beginnings")


def with_any(words: list[str]) -> PrefixQuery:
    """Return what has a word that begins like one of these."""
    return PrefixQuery(" | ".join(words), search_type="beginnings")


def exactly(words: list[str]) -> SearchQuery:
    """Return what has one of these very words."""
    # Letters and digits only, so that nothing in it is taken for an operator.
    return SearchQuery(" | ".join(words), config="simple", search_type="raw")


def known_words(words: list[str]) -> list[str]:
    """Return the same words, each that no product has as it was probably meant. One query.

    That is a word of which a letter or two are otherwise, or one that the typed one begins with.
    """
    with connection.cursor() as cursor:
        cursor.execute(KNOWN, [words])
        return [word for (word,) in cursor.fetchall()]


# Of a very long word the beginning is compared: there is a limit to what the database compares.
KNOWN = """
    select coalesce(
        (select typed where length(typed) < 4
            or exists (select from search_word where word like typed || '%%')),
        (select word from search_word, levenshtein(left(word, 50), left(typed, 50)) as letters
            where word %% typed and letters <= case when length(typed) < 6 then 1 else 2 end
            order by letters, similarity(word, typed) desc, word limit 1),
        (select word from search_word where length(word) > 4 and starts_with(typed, word)
            order by length(word) desc limit 1),
        typed)
    from unnest(%s::text[]) with ordinality as asked (typed, place) order by place
"""
