import django.db.models.deletion
import django.utils.timezone
import django_fsm
import uuid
from decimal import Decimal
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='OrderSnapshot',
            fields=[
                ('order_id', models.UUIDField(primary_key=True, serialize=False)),
                ('language', models.CharField(help_text="the invoice's, ISO 639-1", max_length=10)),
                ('details', models.JSONField(help_text='see `Ordered`')),
            ],
        ),
        migrations.CreateModel(
            name='Reconciliation',
            fields=[
                ('day', models.DateField(help_text='UTC', primary_key=True, serialize=False)),
                ('compared', models.PositiveIntegerField(default=0, help_text='payments')),
                ('differing', models.PositiveIntegerField(default=0, help_text='of them, at that time')),
                ('begun_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('ended_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='StripeNotice',
            fields=[
                ('event_id', models.CharField(max_length=255, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=100)),
                ('order_id', models.UUIDField(db_index=True)),
                ('key', models.CharField(blank=True, db_index=True, help_text='our name for the hold', max_length=200)),
                ('reference', models.CharField(help_text='the Checkout Session or payment it is about', max_length=255)),
                ('received_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name='Charge',
            fields=[
                ('order_id', models.UUIDField(primary_key=True, serialize=False)),
                ('payment_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('state', django_fsm.FSMField(choices=[('new', 'nothing asked of the processor'), ('authorizing', 'asking for the hold'), ('challenged', "the card's owner must confirm"), ('authorized', 'held'), ('capturing', 'taking the money'), ('captured', 'taken'), ('failed', 'declined'), ('voiding', 'releasing the hold'), ('voided', 'released')], default='new', max_length=50, protected=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('changed_at', models.DateTimeField(auto_now=True)),
                ('placed_at', models.DateTimeField(help_text='empty until OrderPlaced was seen', null=True)),
                ('expires_at', models.DateTimeField(help_text='when the order is given up', null=True)),
                ('number', models.CharField(blank=True, max_length=50)),
                ('customer_id', models.CharField(blank=True, help_text='empty for a guest', max_length=100)),
                ('email', models.CharField(blank=True, max_length=254)),
                ('amount', models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=14)),
                ('currency', models.CharField(blank=True, max_length=3)),
                ('card_token', models.CharField(blank=True, max_length=100)),
                ('card_last4', models.CharField(blank=True, max_length=4)),
                ('attempt', models.PositiveSmallIntegerField(default=1, help_text='cards tried so far')),
                ('points', models.PositiveBigIntegerField(default=0, help_text='that pay a part of the order')),
                ('ships', models.BooleanField(db_default=True, default=True, help_text='whether goods are sent')),
                ('stock_reserved', models.BooleanField(default=False)),
                ('cleared', models.BooleanField(default=False)),
                ('points_redeemed', models.BooleanField(default=False)),
                ('points_rejected', models.BooleanField(default=False)),
                ('stock_rejected', models.BooleanField(default=False)),
                ('fraud_refused', models.BooleanField(default=False)),
                ('cancellation', models.CharField(blank=True, help_text='why the order was cancelled; empty: it was not', max_length=20)),
                ('keeps_money', models.BooleanField(db_default=False, default=False, help_text='staff cancelled the order without giving its money back')),
                ('challenge', models.CharField(blank=True, max_length=100)),
                ('authorization', models.CharField(blank=True, max_length=100)),
                ('failed_at', models.DateTimeField(help_text='when this card was refused', null=True)),
                ('decline_code', models.CharField(blank=True, max_length=50)),
                ('decline_reason', models.CharField(blank=True, max_length=200)),
                ('captured', models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=14)),
                ('reserved_for_refund', models.DecimalField(decimal_places=2, default=Decimal('0'), help_text='sum of all refunds, pending ones included', max_digits=14)),
                ('refunded', models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=14)),
                ('reduced', models.DecimalField(db_default=Decimal('0'), decimal_places=2, default=Decimal('0'), help_text='what is to go back for goods that will not come', max_digits=14)),
                ('refund_changes', models.PositiveIntegerField(db_default=0, default=0, help_text='times that the amount given back has changed')),
                ('erased_at', models.DateTimeField(help_text='when its shopper was forgotten', null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('captured', 0), models.Q(('captured', models.F('amount')), ('state', 'captured')), _connector='OR'), name='billing_captured_once_and_in_full'), models.CheckConstraint(condition=models.Q(('refunded__gte', 0), ('refunded__lte', models.F('reserved_for_refund')), ('reserved_for_refund__lte', models.F('captured'))), name='billing_refunded_within_captured')],
            },
        ),
        migrations.CreateModel(
            name='Dispute',
            fields=[
                ('reference', models.CharField(help_text='as the processor calls it', max_length=255, primary_key=True, serialize=False)),
                ('amount', models.DecimalField(decimal_places=2, max_digits=14)),
                ('state', models.CharField(choices=[('asked', 'the bank asks, nothing is withheld'), ('open', 'the amount is withheld'), ('won', 'Won'), ('lost', 'the shopper has the money')], max_length=5)),
                ('reason', models.CharField(blank=True, help_text="the processor's code", max_length=100)),
                ('opened_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('closed_at', models.DateTimeField(null=True)),
                ('charge', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='disputes', to='billing.charge')),
            ],
        ),
        migrations.CreateModel(
            name='Invoice',
            fields=[
                ('id', models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                ('total', models.DecimalField(decimal_places=2, max_digits=14)),
                ('currency', models.CharField(max_length=3)),
                ('issued_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('charge', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='invoice', to='billing.charge')),
            ],
        ),
        migrations.CreateModel(
            name='SandboxOperation',
            fields=[
                ('key', models.CharField(max_length=200, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('authorize', 'Authorize'), ('capture', 'Capture'), ('void', 'Void'), ('refund', 'Refund')], max_length=10)),
                ('authorization', models.CharField(blank=True, help_text='the hold it is about', max_length=50)),
                ('token', models.CharField(blank=True, max_length=100)),
                ('amount', models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=14)),
                ('currency', models.CharField(blank=True, max_length=3)),
                ('challenge', models.CharField(blank=True, max_length=50)),
                ('outcome', models.CharField(blank=True, choices=[('approved', 'Approved'), ('declined', 'Declined'), ('challenge', 'Challenge')], help_text='empty: not carried out yet', max_length=10)),
                ('reference', models.CharField(blank=True, max_length=50)),
                ('code', models.CharField(blank=True, max_length=50)),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('outages', models.PositiveSmallIntegerField(default=0, help_text='times it was not available')),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('authorization', ''), _negated=True), fields=['authorization'], name='sandbox_follow_up'), models.Index(condition=models.Q(('reference', ''), _negated=True), fields=['reference'], name='sandbox_reference')],
            },
        ),
        migrations.CreateModel(
            name='Difference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('authorization', models.CharField(max_length=100)),
                ('kind', models.CharField(choices=[('kept', 'another amount is kept there'), ('disputed', 'a dispute there is not known here'), ('lapsed', 'nothing is held there any more'), ('unknown', 'money there that is of no payment here')], max_length=10)),
                ('ours', models.DecimalField(decimal_places=2, help_text='taken less given back', max_digits=14)),
                ('theirs', models.DecimalField(decimal_places=2, help_text='likewise there', max_digits=14)),
                ('found_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('seen_on', models.DateField(help_text='when it was last compared')),
                ('settled_at', models.DateTimeField(null=True)),
                ('charge', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='differences', to='billing.charge')),
            ],
            options={
                'indexes': [models.Index(fields=['settled_at'], name='billing_difference_settled')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('settled_at', None)), fields=('authorization',), name='billing_difference_open_once')],
            },
        ),
        migrations.CreateModel(
            name='Refund',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('reference', models.CharField(help_text='cancel:<order>, return:<return>, reduced:<event>, staff:<id>, processor:<id>, dispute:<id>', max_length=150, unique=True)),
                ('amount', models.DecimalField(decimal_places=2, max_digits=14)),
                ('reason', models.CharField(max_length=200)),
                ('state', django_fsm.FSMField(choices=[('pending', 'Pending'), ('done', 'Done'), ('overtaken', 'the money went back otherwise'), ('failed', 'the bank sent the money back')], default='pending', max_length=50, protected=True)),
                ('processor_reference', models.CharField(blank=True, max_length=100)),
                ('opened_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('done_at', models.DateTimeField(null=True)),
                ('charge', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='billing.charge')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'pending')), fields=['opened_at'], name='billing_refund_pending')],
                'constraints': [models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='billing_refund_of_some')],
            },
        ),
    ]
