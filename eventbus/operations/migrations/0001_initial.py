import django.contrib.postgres.fields
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='FailureNote',
            fields=[
                ('fingerprint', models.CharField(max_length=16, primary_key=True, serialize=False)),
                ('app', models.CharField(max_length=50)),
                ('reaction', models.CharField(blank=True, max_length=100)),
                ('error', models.TextField(blank=True, help_text="the error's first line, without personal data")),
                ('note', models.TextField(blank=True)),
                ('owner', models.CharField(blank=True, max_length=150)),
                ('by', models.CharField(max_length=150)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name='ThroughputMinute',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('minute', models.DateTimeField(help_text='its beginning')),
                ('app', models.CharField(max_length=50)),
                ('reaction', models.CharField(blank=True, max_length=100)),
                ('event_type', models.CharField(blank=True, max_length=100)),
                ('done', models.PositiveIntegerField()),
                ('attempts', models.PositiveIntegerField(help_text='what is above `done` failed first')),
                ('latency_histogram', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveIntegerField(), help_text='how many took how long, see eventbus.operations.metrics', size=None)),
            ],
            options={
                'indexes': [models.Index(fields=['event_type', 'minute'], name='eventbus_minute_type')],
                'constraints': [models.UniqueConstraint(fields=('minute', 'app', 'reaction', 'event_type'), name='eventbus_minute_once')],
            },
        ),
        migrations.CreateModel(
            name='ServiceLevel',
            fields=[
                ('app', models.CharField(max_length=50, primary_key=True, serialize=False)),
                ('latency', models.DurationField(help_text='from emitted to done')),
                ('share', models.FloatField(help_text='of all reactions, that are to be done within it')),
                ('by', models.CharField(max_length=150)),
                ('reason', models.CharField(max_length=500)),
                ('since', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('share__gt', 0), ('share__lt', 1)), name='eventbus_level_share')],
            },
        ),
        migrations.CreateModel(
            name='OverdueEpisode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('app', models.CharField(max_length=50)),
                ('reaction', models.CharField(max_length=100)),
                ('event_id', models.UUIDField(help_text='the event that has waited longest')),
                ('waiting_since', models.DateTimeField()),
                ('notified_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'verbose_name_plural': 'overdue episodes',
                'constraints': [models.UniqueConstraint(fields=('app', 'reaction'), name='eventbus_overdue_once')],
            },
        ),
        migrations.CreateModel(
            name='RejectedMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('app', models.CharField(max_length=50)),
                ('reason', models.CharField(max_length=200)),
                ('count', models.PositiveBigIntegerField(default=0)),
                ('last_task', models.CharField(blank=True, help_text='the event the last named', max_length=100)),
                ('first_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('last_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('app', 'reason'), name='eventbus_rejected_once')],
            },
        ),
        migrations.CreateModel(
            name='DeployedVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('app', models.CharField(max_length=50)),
                ('version', models.CharField(max_length=100)),
                ('since', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'verbose_name_plural': 'deployed versions',
                'constraints': [models.UniqueConstraint(fields=('app', 'version'), name='eventbus_version_once')],
            },
        ),
        migrations.CreateModel(
            name='WorkerHeartbeat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('app', models.CharField(max_length=50)),
                ('host', models.CharField(max_length=255)),
                ('pid', models.PositiveIntegerField()),
                ('node', models.CharField(blank=True, db_default='', help_text='its name in Celery, if it is of it', max_length=400)),
                ('version', models.CharField(max_length=100)),
                ('concurrency', models.PositiveSmallIntegerField()),
                ('started_at', models.DateTimeField()),
                ('seen_at', models.DateTimeField()),
                ('handled', models.PositiveBigIntegerField(help_text='messages finished since it started')),
                ('handled_at', models.DateTimeField(help_text='when `handled` was last seen to grow')),
                ('running', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=100), help_text='event types, now', size=None)),
                ('memory', models.PositiveBigIntegerField(help_text='bytes, its children included')),
                ('failing_since', models.DateTimeField(help_text='when it last could do nothing', null=True)),
                ('last_error', models.TextField(blank=True, db_default='', help_text='why it can do nothing')),
                ('clock_ahead', models.FloatField(db_default=0.0, help_text="seconds that its host's clock is before the database's")),
            ],
            options={
                'verbose_name_plural': 'worker heartbeats',
                'constraints': [models.UniqueConstraint(fields=('app', 'host', 'pid'), name='eventbus_worker_once')],
            },
        ),
    ]
