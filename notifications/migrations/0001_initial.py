import django.utils.timezone
import django_fsm
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='ErasedCustomer',
            fields=[
                ('key', models.CharField(max_length=100, primary_key=True, serialize=False)),
                ('since', models.DateTimeField()),
            ],
            options={
                'verbose_name_plural': 'forgotten',
            },
        ),
        migrations.CreateModel(
            name='Recipient',
            fields=[
                ('email', models.CharField(help_text='as `mailbox` writes it', max_length=254, primary_key=True, serialize=False)),
                ('language', models.CharField(max_length=10)),
                ('since', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='AvailableStock',
            fields=[
                ('sku', models.CharField(max_length=255, primary_key=True, serialize=False, verbose_name='SKU')),
                ('available', models.IntegerField(default=0)),
                ('revision', models.BigIntegerField(default=-1)),
            ],
            options={
                'verbose_name_plural': 'available stock',
            },
        ),
        migrations.CreateModel(
            name='Unsubscribed',
            fields=[
                ('email', models.CharField(help_text='as `mailbox` writes it', max_length=254, primary_key=True, serialize=False)),
                ('since', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'verbose_name_plural': 'unsubscribed',
            },
        ),
        migrations.CreateModel(
            name='Allowance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=50)),
                ('who', models.CharField(help_text='fingerprint of an address', max_length=64)),
                ('count', models.PositiveIntegerField()),
                ('ends_at', models.DateTimeField(db_index=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('kind', 'who'), name='notifications_allowance_once')],
            },
        ),
        migrations.CreateModel(
            name='Mail',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('event_id', models.UUIDField(help_text='the event it is about')),
                ('about', models.CharField(blank=True, help_text="the event's subject", max_length=255)),
                ('kind', models.CharField(max_length=50)),
                ('recipient', models.CharField(max_length=254)),
                ('number', models.CharField(blank=True, max_length=50, verbose_name='order')),
                ('subject', models.CharField(max_length=500)),
                ('text', models.TextField()),
                ('html', models.TextField(verbose_name='HTML')),
                ('sealed', models.TextField(blank=True, help_text="a link into somebody's account, sealed; blank once it is sent")),
                ('state', django_fsm.FSMField(choices=[('sending', 'Sending'), ('sent', 'Sent'), ('failed', 'Failed')], default='sending', max_length=50, protected=True)),
                ('created', models.DateTimeField(default=django.utils.timezone.now)),
                ('sent_at', models.DateTimeField(null=True)),
                ('message_id', models.CharField(max_length=300, unique=True, verbose_name='Message-ID')),
                ('error', models.TextField(blank=True, help_text='of the latest attempt')),
            ],
            options={
                'ordering': ['-created'],
                'permissions': [('resend_mail', 'Can have mails sent once more')],
                'indexes': [models.Index(fields=['-created'], name='notifications_mail_created'), models.Index(condition=models.Q(('state', 'failed')), fields=['-created'], name='notifications_mail_failed'), models.Index(condition=models.Q(('recipient', ''), _negated=True), fields=['created'], name='notifications_mail_readable'), models.Index(fields=['about'], name='notifications_mail_about'), models.Index(fields=['recipient'], name='notifications_mail_to')],
                'constraints': [models.UniqueConstraint(fields=('event_id', 'kind', 'recipient'), name='notifications_mail_once'), models.CheckConstraint(condition=models.Q(('state', 'sent'), ('sent_at__isnull', True), _connector='XOR'), name='notifications_sent_has_time')],
            },
            bases=(django_fsm.FSMModelMixin, models.Model),
        ),
        migrations.CreateModel(
            name='WatchedCart',
            fields=[
                ('cart_id', models.UUIDField(primary_key=True, serialize=False)),
                ('revision', models.IntegerField(default=-1, help_text='of the newest state seen')),
                ('email', models.CharField(blank=True, max_length=254)),
                ('lines', models.JSONField(default=list)),
                ('more', models.PositiveIntegerField(db_default=0, default=0, help_text='lines beyond these')),
                ('total', models.DecimalField(decimal_places=2, default=0, max_digits=14)),
                ('currency', models.CharField(blank=True, max_length=3)),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('ordered_at', models.DateTimeField(null=True)),
                ('reminded', models.IntegerField(help_text='revision a reminder was written for', null=True)),
            ],
            options={
                'ordering': ['-changed_at'],
                'indexes': [models.Index(fields=['changed_at'], name='notifications_cart_changed')],
            },
        ),
        migrations.CreateModel(
            name='BackInStockAlert',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('sku', models.CharField(max_length=255, verbose_name='SKU')),
                ('email', models.CharField(help_text='as `mailbox` writes it', max_length=254)),
                ('title', models.TextField()),
                ('url', models.TextField(verbose_name='URL')),
                ('wanted_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name_plural': 'back-in-stock alerts',
                'indexes': [models.Index(condition=models.Q(('sent_at', None)), fields=['sku'], name='notifications_alert_open'), models.Index(fields=['email'], name='notifications_alert_of')],
                'constraints': [models.UniqueConstraint(fields=('sku', 'email'), name='notifications_alert_once')],
            },
        ),
    ]
