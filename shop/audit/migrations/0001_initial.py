import django.utils.timezone
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='AuditRun',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('by', models.CharField(max_length=150)),
                ('requested_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('claimed_until', models.DateTimeField(help_text='by the process that runs it', null=True)),
                ('finished_at', models.DateTimeField(null=True)),
                ('error', models.TextField(blank=True, db_default='', help_text='why it came to no end')),
                ('seconds', models.FloatField(null=True)),
                ('events', models.PositiveBigIntegerField(default=0)),
                ('expected', models.PositiveBigIntegerField(default=0)),
                ('handled', models.PositiveBigIntegerField(default=0)),
                ('waiting', models.PositiveBigIntegerField(default=0)),
                ('parked', models.PositiveBigIntegerField(default=0)),
                ('findings', models.JSONField(default=list)),
            ],
            options={
                'indexes': [models.Index(fields=['-finished_at'], name='audit_run_finished')],
                'constraints': [models.UniqueConstraint(models.Value(1), condition=models.Q(('finished_at', None)), name='audit_one_at_a_time')],
            },
        ),
    ]
