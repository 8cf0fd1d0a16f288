import django.db.models.deletion
import django.db.models.functions.datetime
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='OperatorAction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('paused', 'Paused'), ('resumed', 'Resumed'), ('retried', 'Retried'), ('discarded', 'Discarded'), ('noted', 'Noted'), ('parked', 'Parked'), ('budgeted', 'Budgeted'), ('tested', 'Tested')], max_length=10)),
                ('app', models.CharField(max_length=50)),
                ('reaction', models.CharField(blank=True, max_length=100)),
                ('delivery_id', models.BigIntegerField(null=True)),
                ('by', models.CharField(max_length=150)),
                ('reason', models.TextField(blank=True)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'indexes': [models.Index(fields=['-at'], name='eventbus_operatoraction_at'), models.Index(fields=['delivery_id'], name='eventbus_action_delivery')],
            },
        ),
        migrations.CreateModel(
            name='OutboxEvent',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('type', models.CharField(max_length=100)),
                ('version', models.PositiveSmallIntegerField()),
                ('subject', models.CharField(max_length=255)),
                ('correlation_id', models.UUIDField()),
                ('causation_id', models.UUIDField(null=True)),
                ('emitted_by', models.CharField(blank=True, db_default='', help_text='the reaction that emitted it, if any', max_length=100)),
                ('traceparent', models.CharField(max_length=55)),
                ('data', models.JSONField()),
                ('occurred_at', models.DateTimeField()),
                ('publish_after', models.DateTimeField()),
                ('published_at', models.DateTimeField(null=True)),
                ('claimed_until', models.DateTimeField(help_text="a relay's lease on the row", null=True)),
                ('redacted_at', models.DateTimeField(help_text='when what is personal was blanked', null=True)),
            ],
            options={
                'verbose_name': 'event',
                'indexes': [models.Index(condition=models.Q(('published_at', None)), fields=['publish_after'], name='eventbus_unpublished'), models.Index(fields=['correlation_id'], name='eventbus_correlation'), models.Index(fields=['subject'], name='eventbus_subject'), models.Index(fields=['type', 'occurred_at'], name='eventbus_type_occurred')],
            },
        ),
        migrations.CreateModel(
            name='Pause',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('app', models.CharField(max_length=50)),
                ('reaction', models.CharField(blank=True, help_text='empty: the whole app', max_length=100)),
                ('by', models.CharField(max_length=150)),
                ('reason', models.CharField(max_length=500)),
                ('since', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('held_for', models.CharField(blank=True, db_default='', help_text='the work that ends it, if any', max_length=20)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('app', 'reaction'), name='eventbus_paused_once')],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('app', models.CharField(max_length=50)),
                ('reaction', models.CharField(blank=True, max_length=100)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('done', 'Done'), ('failed', 'failed, will be retried'), ('parked', 'parked, needs a person'), ('discarded', 'Discarded'), ('muted', 'muted, was history')], default='waiting', max_length=10)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('sends', models.PositiveSmallIntegerField(default=0, help_text='times sent again')),
                ('resend_at', models.DateTimeField(help_text='when the relay sends it again', null=True)),
                ('leased_until', models.DateTimeField(help_text='held until then, by an outside call or, past, by a pause', null=True)),
                ('error', models.TextField(blank=True)),
                ('fingerprint', models.CharField(blank=True, db_default='', help_text='the same for errors that are alike', max_length=16)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('waiting_since', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), help_text='made, or begun anew by a person or the end of a pause')),
                ('closed_at', models.DateTimeField(null=True)),
                ('duration_ms', models.PositiveIntegerField(null=True)),
                ('event', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='eventbus.outboxevent')),
            ],
            options={
                'verbose_name_plural': 'deliveries',
                'permissions': [('operate', 'Can retry, discard, pause and resume reactions'), ('see_personal', 'Can see what events tell of people')],
                'indexes': [models.Index(condition=models.Q(('state__in', ['waiting', 'failed'])), fields=['app', 'resend_at'], name='eventbus_open'), models.Index(condition=models.Q(('state__in', ['waiting', 'failed'])), fields=['app', 'reaction', 'waiting_since'], name='eventbus_waiting'), models.Index(condition=models.Q(('state__in', ['failed', 'parked'])), fields=['app', 'reaction', 'fingerprint'], name='eventbus_troubled'), models.Index(condition=models.Q(('state__in', ['failed', 'parked'])), fields=['fingerprint'], name='eventbus_fingerprint'), models.Index(condition=models.Q(('state__in', ['failed', 'parked'])), fields=['id'], name='eventbus_troubled_in_order'), models.Index(condition=models.Q(('state', 'done')), fields=['closed_at'], name='eventbus_done_at')],
                'constraints': [models.UniqueConstraint(fields=('event', 'app', 'reaction'), name='eventbus_once')],
            },
        ),
    ]
