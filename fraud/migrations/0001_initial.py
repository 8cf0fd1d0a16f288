import django.utils.timezone
import django_fsm
from decimal import Decimal
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Blocked',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('value', models.CharField(help_text="an e-mail address, or a card's fingerprint", max_length=254, unique=True)),
                ('note', models.CharField(blank=True, max_length=200)),
                ('added_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                'verbose_name_plural': 'blocked',
                'constraints': [models.CheckConstraint(condition=models.Q(('value__regex', '[A-Z]'), _negated=True), name='fraud_blocked_in_lower_case')],
            },
        ),
        migrations.CreateModel(
            name='Screening',
            fields=[
                ('order_id', models.UUIDField(primary_key=True, serialize=False)),
                ('verdict', django_fsm.FSMField(choices=[('open', 'not screened'), ('cleared', 'Cleared'), ('flagged', 'flagged, staff must decide'), ('refused', 'Refused'), ('moot', 'cancelled before it was decided')], default='open', max_length=50, protected=True)),
                ('score', models.PositiveSmallIntegerField(default=0)),
                ('reasons', models.JSONField(blank=True, default=list)),
                ('screened_at', models.DateTimeField(null=True)),
                ('decided_by', models.CharField(blank=True, help_text='who of the staff', max_length=150)),
                ('decided_at', models.DateTimeField(null=True)),
                ('placed_at', models.DateTimeField(help_text='empty until OrderPlaced was seen', null=True)),
                ('number', models.CharField(blank=True, max_length=50)),
                ('customer_id', models.CharField(blank=True, help_text='empty for a guest', max_length=100)),
                ('email', models.CharField(blank=True, help_text='as `mailbox` writes it', max_length=254)),
                ('fingerprint', models.CharField(blank=True, help_text='of the card', max_length=100)),
                ('card_country', models.CharField(blank=True, help_text='empty: not known', max_length=2)),
                ('ship_country', models.CharField(blank=True, max_length=2)),
                ('amount', models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=14)),
                ('currency', models.CharField(blank=True, max_length=3)),
                ('erased_at', models.DateTimeField(help_text='when its shopper was forgotten', null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['email', '-placed_at'], name='fraud_by_email'), models.Index(fields=['fingerprint', '-placed_at'], name='fraud_by_card'), models.Index(condition=models.Q(('customer_id', ''), _negated=True), fields=['customer_id', '-placed_at'], name='fraud_by_customer'), models.Index(condition=models.Q(('verdict', 'flagged')), fields=['placed_at'], name='fraud_queue')],
                'constraints': [models.CheckConstraint(condition=models.Q(('score__lte', 100)), name='fraud_score_of_100'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', '')), models.Q(('decided_at__isnull', False), ('verdict__in', ['cleared', 'refused'])), _connector='OR'), name='fraud_decided_by_somebody_at_some_time')],
            },
        ),
    ]
