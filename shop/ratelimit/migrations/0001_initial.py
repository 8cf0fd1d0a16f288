from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='RateCounter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rule', models.CharField(max_length=30)),
                ('who', models.CharField(help_text='digest of an address or name', max_length=64)),
                ('count', models.PositiveIntegerField()),
                ('ends_at', models.DateTimeField(db_index=True)),
            ],
            options={
                'verbose_name_plural': 'rate counters',
                'constraints': [models.UniqueConstraint(fields=('rule', 'who'), name='ratelimit_counter')],
            },
        ),
        migrations.RunSQL('alter table ratelimit_ratecounter set unlogged', migrations.RunSQL.noop),
        # Django's table for counts that allauth keeps in the cache; the columns are Django's.
        migrations.RunSQL(
            """
            create unlogged table ratelimit_cache (
                cache_key varchar(255) primary key, value text not null, expires timestamptz not null
            );
            create index ratelimit_cache_expires on ratelimit_cache (expires);
            """,
            'drop table ratelimit_cache',
        ),
    ]
