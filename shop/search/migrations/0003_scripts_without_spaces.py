from django.db import migrations

# A set of letters in a regular expression: Thai and Lao, Burmese, Khmer, Japan's syllables with
# their signs, Han letters, and Korea's syllables, which are set in long compounds.
UNSPACED = (
    r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30fa\u30fc-\u30ff\u31f0-\u31ff"
    r"\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
# Points and strokes that Hebrew and Arabic are mostly written without.
POINTS = r"\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670"
FUNCTIONS = f"""
-- A text in small letters, without accents, wide letters as narrow ones, letters and digits only.
create function search_letters(said text) returns text language sql stable parallel safe as $$
    select btrim(regexp_replace(
        regexp_replace(lower(unaccent(normalize(said, NFKC))), '[{POINTS}]', '', 'g'),
        '[^[:alnum:]{UNSPACED}]+', ' ', 'g'
    ))
$$;
-- The words of a text, for what is found and for what is asked alike. Where people set no spaces,
-- each letter with the one after it is a word, the last by itself: so a word is found wherever it
-- stands, and a single letter as a beginning.
create or replace function search_words(said text) returns text
language sql stable parallel safe as $$
    select case when letters !~ '[{UNSPACED}]' then letters else (
        select string_agg(
            case when part ~ '[{UNSPACED}]' then substr(part, place, 2) else part end, ' '
            order by which, place
        )
        from string_to_table(
            regexp_replace(letters, '[{UNSPACED}]+', ' \\& ', 'g'), ' '
        ) with ordinality as parts (part, which)
        cross join generate_series(
            1, case when part ~ '[{UNSPACED}]' then length(part) else 1 end
        ) as place
        where part <> ''
    ) end
    from search_letters(said) as letters
$$;
-- A vector has a largest size; what comes after so many letters nobody searches for.
create or replace function search_vector(said text, weight "char") returns tsvector
language sql stable parallel safe as $$
    select setweight(to_tsvector('simple', left(search_words(left(said, 50000)), 100000)), weight)
$$;
"""
SPACED = """
create or replace function search_words(said text) returns text
language sql stable parallel safe as $$
    select btrim(regexp_replace(lower(unaccent(said)), '[^[:alnum:]]+', ' ', 'g'))
$$;
create or replace function search_vector(said text, weight "char") returns tsvector
language sql stable parallel safe as $$
    select setweight(to_tsvector('simple', search_words(left(said, 50000))), weight)
$$;
drop function search_letters(text);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('search', '0002_beginnings'),
    ]

    operations = [
        migrations.RunSQL(FUNCTIONS, SPACED),
    ]
