import eventbus.clock
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Alert',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('rule', models.CharField(max_length=30)),
                ('about', models.CharField(blank=True, help_text='an app or reaction, if any', max_length=150)),
                ('message', models.CharField(help_text='what was found, in words', max_length=500)),
                ('began_at', models.DateTimeField(default=eventbus.clock.now)),
                ('seen_at', models.DateTimeField(default=eventbus.clock.now, help_text='when it was last found')),
                ('ended_at', models.DateTimeField(null=True)),
                ('reached_at', models.DateTimeField(help_text='when it was seen that somebody was told, or a relay told them itself', null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['-began_at'], name='eventbus_alert_began')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('rule', 'about'), name='eventbus_alert_once')],
            },
        ),
    ]
