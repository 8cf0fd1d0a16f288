"""Outbox and ledger are divided into months, by the event's id: see `eventbus.history.partitions`."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models
from django.utils import timezone

from eventbus.history.partitions import DELIVERIES, EVENTS, TABLES, month_start, first_id


#: The key has to name what the table is divided by.
KEYS = {EVENTS: "primary key (id)", DELIVERIES: "primary key (id, event_id)"}

_CONSTRAINTS = """
    select conname, contype = 'p', pg_get_constraintdef(oid) from pg_constraint
    where conrelid = to_regclass(%s) and contype in ('p', 'u')
"""
_INDEXES = """
    select c.relname, pg_get_indexdef(c.oid) from pg_index i join pg_class c on c.oid = i.indexrelid
    where i.indrelid = to_regclass(%s)
    and not exists (select from pg_constraint where conindid = c.oid and contype in ('p', 'u'))
"""


def divide(apps, schema_editor):
    until = str(first_id(month_start(timezone.now(), later=1)))
    with schema_editor.connection.cursor() as cursor:
        # The rows' ids go on from where they are; an identity cannot be had by a part.
        cursor.execute("select coalesce(max(id), 0) + 1 from eventbus_delivery")
        upcoming = cursor.fetchone()[0]
        cursor.execute("alter table eventbus_delivery alter column id drop identity")
        cursor.execute(f"create sequence eventbus_delivery_id_seq start {upcoming}")
        cursor.execute(
            "alter table eventbus_delivery alter column id set default nextval('eventbus_delivery_id_seq')"
        )
        for table in TABLES:
            _divide(cursor, table, until)
        cursor.execute("alter sequence eventbus_delivery_id_seq owned by eventbus_delivery.id")


def _divide(cursor, table, until):
    cursor.execute(_CONSTRAINTS, [table])
    constraints = cursor.fetchall()
    cursor.execute(_INDEXES, [table])
    indexes = cursor.fetchall()
    key = "event_id" if table == DELIVERIES else "id"
    cursor.execute(f"alter table {table} rename to {table}_initial")
    for name, is_key, _ in constraints:
        if is_key:
            cursor.execute(f"alter table {table}_initial drop constraint {name}")
        else:
            cursor.execute(f"alter table {table}_initial rename constraint {name} to {name}_initial")
    for name, _ in indexes:
        cursor.execute(f'alter index "{name}" rename to "{name}_initial"')
    cursor.execute(
        f"create table {table} (like {table}_initial including defaults including constraints) "
        f"partition by range ({key})"
    )
    cursor.execute(f"alter table {table} add constraint {table}_pkey {KEYS[table]}")
    for name, is_key, definition in constraints:
        if not is_key:
            cursor.execute(f"alter table {table} add constraint {name} {definition}")
    for _, definition in indexes:
        cursor.execute(definition)
    cursor.execute(
        f"alter table {table} attach partition {table}_initial for values from (minvalue) to (%s)",
        [until],
    )
    cursor.execute(f"create table {table}_default partition of {table} default")


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('eventbus', '0001_initial'),
    ]

    operations = [
        migrations.RunPython(divide, migrations.RunPython.noop),
        migrations.CreateModel(
            name='ArchivedMonth',
            fields=[
                ('name', models.CharField(max_length=10, primary_key=True, serialize=False)),
                ('since', models.DateTimeField(null=True)),
                ('until', models.DateTimeField(help_text='its events occurred before this')),
                ('events', models.PositiveBigIntegerField()),
                ('deliveries', models.PositiveBigIntegerField()),
                ('file', models.TextField()),
                ('sha256', models.CharField(help_text='of what is in the file, uncompressed', max_length=64)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name='Backfill',
            fields=[
                ('app', models.CharField(max_length=50, primary_key=True, serialize=False)),
                ('since', models.DateTimeField(help_text='events that occurred then or later')),
                ('type', models.CharField(blank=True, help_text='empty: all that it reacts to', max_length=100)),
                ('position', models.UUIDField(help_text='the last event that was fed', null=True)),
                ('begun_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name='Redaction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subjects', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ('matching_text', models.TextField(blank=True, help_text='a personal text, such as an address')),
                ('event_types', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, help_text='event types `matching_text` is in', size=None)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('next_attempt_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('cause', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='eventbus.outboxevent')),
            ],
            options={
                'indexes': [models.Index(fields=['next_attempt_at'], name='eventbus_redaction_due')],
            },
        ),
    ]
