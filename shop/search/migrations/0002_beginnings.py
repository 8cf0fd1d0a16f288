from django.contrib.postgres.operations import CreateExtension
from django.db import migrations

# Words are taken as search_words() leaves them: lower case, without accents, letters and digits.
FUNCTIONS = """
-- What a word is looked for by: its beginning, cut back to its stem, so that "candles" finds a
-- candle and "berries" a berry. A short German stem would find too much: "linen" is none of "Lin".
create function search_beginnings(word text) returns text
language sql immutable strict parallel safe as $$
    with beginning (said) as (
        select word
        union select unnest(ts_lexize('english_stem', word))
        union select left(stem, -1) || 'y'
            from unnest(ts_lexize('english_stem', word)) stem where stem like '%i'
        union select stem from unnest(ts_lexize('german_stem', word)) stem where length(stem) > 3
    )
    -- Whatever begins with one of them is found by that one: asked twice, it costs twice.
    select '(' || string_agg(said || ':*', ' | ' order by said) || ')' from beginning
    where not exists (
        select from beginning shorter
        where starts_with(beginning.said, shorter.said) and shorter.said <> beginning.said
    )
$$;
-- Words with an operator between each two of them, as in "oak & teapot".
create function search_query(asked text) returns tsquery
language sql immutable strict parallel safe as $$
    select to_tsquery('simple', string_agg(
        case when part in ('&', '|') then part else search_beginnings(part) end, ' ' order by place
    ))
    from unnest(string_to_array(asked, ' ')) with ordinality as parts (part, place)
$$;
"""
NO_FUNCTIONS = """
drop function search_query(text);
drop function search_beginnings(text);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('search', '0001_initial'),
    ]

    operations = [
        CreateExtension('fuzzystrmatch'),
        migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS),
    ]
