import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.contrib.postgres.operations import CreateExtension, TrigramExtension, UnaccentExtension
from django.db import migrations, models


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
create function search_words(said text) returns text
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
create function search_vector(said text, weight "char") returns tsvector
language sql stable parallel safe as $$
    select setweight(to_tsvector('simple', left(search_words(left(said, 50000)), 100000)), weight)
$$;
"""
QUERIES = """
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
drop function search_vector(text, "char");
drop function search_words(text);
drop function search_letters(text);
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        TrigramExtension(),
        UnaccentExtension(),
        CreateExtension("fuzzystrmatch"),
        migrations.RunSQL(FUNCTIONS + QUERIES, NO_FUNCTIONS),
        migrations.CreateModel(
            name='Listing',
            fields=[
                ('product_id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('handle', models.CharField(max_length=255)),
                ('title', models.CharField(max_length=255)),
                ('name', models.TextField(help_text='the title as it is sorted')),
                ('created', models.DateTimeField()),
                ('categories', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), help_text='from the top down to its own', size=None)),
                ('top_category', models.BigIntegerField(help_text='the top one of its categories', null=True)),
                ('picture_src', models.CharField(blank=True, max_length=600)),
                ('currency', models.CharField(max_length=3)),
                ('price_min', models.DecimalField(decimal_places=2, max_digits=12)),
                ('price_max', models.DecimalField(decimal_places=2, max_digits=12)),
                ('price_before', models.DecimalField(decimal_places=2, help_text="the cheapest variant's former price", max_digits=12, null=True)),
                ('most', models.IntegerField(help_text='units of the variant there is most of', null=True)),
                ('uncounted', models.BooleanField(help_text='whether some variant was not told of or counted yet')),
                ('backorder', models.BooleanField(default=False, help_text='whether some variant sells without being there')),
                ('available', models.BooleanField(help_text='whether any variant can be bought')),
                ('options', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), help_text='as Size:S, of any variant', size=None)),
                ('options_available', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), help_text='of variants that can be bought', size=None)),
                ('words', django.contrib.postgres.search.SearchVectorField(help_text='title A, codes and options B, kinds C, description D')),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['words'], name='search_listing_words'), django.contrib.postgres.indexes.GinIndex(fields=['categories'], name='search_listing_categories'), django.contrib.postgres.indexes.GinIndex(fields=['options'], name='search_listing_options'), django.contrib.postgres.indexes.GinIndex(fields=['options_available'], name='search_listing_options_there'), models.Index(fields=['-created', 'product_id'], name='search_listing_newest'), models.Index(condition=models.Q(('picture_src', ''), _negated=True), fields=['top_category', 'product_id'], name='search_listing_top_category')],
            },
        ),
        migrations.CreateModel(
            name='Word',
            fields=[
                ('word', models.TextField(primary_key=True, serialize=False)),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['word'], name='search_word_alike', opclasses=['gin_trgm_ops'])],
            },
        ),
    ]
