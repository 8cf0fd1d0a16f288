import datetime
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.text
import django.utils.timezone
from decimal import Decimal
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Promotion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(help_text='what shoppers type, such as WELCOME10', max_length=40)),
                ('kind', models.CharField(choices=[('percentage', 'Percent off the goods'), ('fixed', 'Amount off the goods'), ('free_shipping', 'Free delivery')], max_length=15)),
                ('value', models.DecimalField(decimal_places=2, default=Decimal('0'), help_text="percent, or an amount in the shop's currency; 0 for free delivery", max_digits=12)),
                ('starts_at', models.DateTimeField(default=django.utils.timezone.now, help_text='valid from then on')),
                ('ends_at', models.DateTimeField(blank=True, help_text='valid until then, if set; at midnight: through the whole of that day', null=True)),
                ('minimum_goods', models.DecimalField(decimal_places=2, default=Decimal('0'), help_text="what the goods must cost at least, in the shop's currency", max_digits=12)),
                ('limit', models.PositiveIntegerField(blank=True, help_text='orders it may be used for in all; empty: any number', null=True)),
                ('limit_per_customer', models.PositiveIntegerField(blank=True, help_text='orders each customer may use it for; empty: any number', null=True)),
                ('active', models.BooleanField(default=True, help_text='switched off, the code is unknown')),
            ],
            options={
                'ordering': ['code'],
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Upper('code'), name='promotion_code_once', violation_error_message='There is a promotion with this code already.'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'free_shipping'), ('value', 0)), models.Q(('kind', 'fixed'), ('value__gt', 0)), models.Q(('kind', 'percentage'), ('value__gt', 0), ('value__lte', 100)), _connector='OR'), name='promotion_value_fits_kind', violation_error_message='Value: 0 for free delivery, up to 100 for a percentage, more than 0 for an amount.'), models.CheckConstraint(condition=models.Q(('ends_at__isnull', True), ('ends_at__gt', django.db.models.expressions.CombinedExpression(models.F('starts_at'), '-', models.Value(datetime.timedelta(days=1)))), _connector='OR'), name='promotion_ends_after_start', violation_error_message='Ends at: must be after the start.'), models.CheckConstraint(condition=models.Q(('minimum_goods__gte', 0)), name='promotion_minimum_not_negative', violation_error_message='Minimum goods: must not be negative.')],
            },
        ),
        migrations.CreateModel(
            name='TaxZone',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('country', models.CharField(help_text='ISO 3166-1 alpha-2', max_length=2, validators=[django.core.validators.RegexValidator('^[A-Z]{2}$', 'Write two capital letters, such as AT.')])),
                ('region', models.CharField(blank=True, help_text='state or province as in addresses, such as CA; empty: the whole country', max_length=40)),
                ('included', models.BooleanField(default=True, help_text='prices contain the tax; otherwise it is added to them at checkout', verbose_name='tax included')),
            ],
            options={
                'ordering': ['country', 'region'],
                'constraints': [models.UniqueConstraint(fields=('country', 'region'), name='tax_zone_once')],
            },
        ),
        migrations.CreateModel(
            name='Redemption',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order_id', models.UUIDField(unique=True)),
                ('customer_id', models.CharField(blank=True, help_text='empty for a guest', max_length=50)),
                ('email', models.EmailField(blank=True, help_text='as `mailbox` writes it', max_length=254)),
                ('redeemed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('released_at', models.DateTimeField(blank=True, null=True)),
                ('promotion', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='redemptions', to='pricing.promotion')),
            ],
            options={
                'ordering': ['-redeemed_at'],
                'indexes': [models.Index(fields=['promotion', 'email'], name='redemption_by_email'), models.Index(fields=['promotion', 'customer_id'], name='redemption_by_customer')],
            },
        ),
        migrations.CreateModel(
            name='TaxRate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tax_class', models.CharField(choices=[('standard', 'Standard'), ('reduced', 'Reduced')], max_length=10)),
                ('percent', models.DecimalField(decimal_places=3, max_digits=6, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(100)])),
                ('zone', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rates', to='pricing.taxzone')),
            ],
            options={
                'ordering': ['zone', '-percent'],
                'constraints': [models.UniqueConstraint(fields=('zone', 'tax_class'), name='tax_rate_once'), models.CheckConstraint(condition=models.Q(('percent__gte', 0), ('percent__lte', 100)), name='tax_rate_is_percent')],
            },
        ),
    ]
