import django.db.models.deletion
import django.utils.timezone
from decimal import Decimal
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Account',
            fields=[
                ('customer_id', models.CharField(max_length=100, primary_key=True, serialize=False)),
                ('balance', models.BigIntegerField(default=0, help_text='points')),
                ('revision', models.IntegerField(default=0, help_text='rises with every entry')),
                ('opened_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('closed_at', models.DateTimeField(help_text='when its owner was forgotten', null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('balance__gte', 0)), name='account_never_negative')],
            },
        ),
        migrations.CreateModel(
            name='OrderPoints',
            fields=[
                ('order_id', models.UUIDField(primary_key=True, serialize=False)),
                ('customer_id', models.CharField(max_length=100, null=True)),
                ('billed', models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                ('refunded', models.DecimalField(decimal_places=2, default=Decimal('0'), help_text='all refunds together', max_digits=14)),
                ('refund_revision', models.PositiveIntegerField(db_default=0, default=0, help_text='of billing, for what was given back so far')),
                ('cancelled', models.BooleanField(default=False)),
                ('points', models.BigIntegerField(default=0, help_text='brought so far')),
                ('owed', models.BigIntegerField(default=0, help_text='of these, to be taken back but spent already')),
                ('redeemed', models.BigIntegerField(default=0, help_text='points that paid for it')),
                ('spent_on_returns', models.BigIntegerField(default=0, help_text='of these, for goods that came back')),
                ('returned', models.BigIntegerField(default=0, help_text='of these, given back so far')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'verbose_name_plural': 'order points',
                'indexes': [models.Index(fields=['customer_id'], name='order_points_customer'), models.Index(fields=['created_at'], name='order_points_created'), models.Index(condition=models.Q(('owed__gt', 0)), fields=['customer_id'], name='order_points_owed')],
                'constraints': [models.CheckConstraint(condition=models.Q(('points__gte', 0)), name='order_never_costs_points'), models.CheckConstraint(condition=models.Q(('owed__gte', 0), ('owed__lte', models.F('points'))), name='order_owes_what_it_brought'), models.CheckConstraint(condition=models.Q(('returned__gte', 0), ('returned__lte', models.F('redeemed'))), name='order_returns_what_it_was_paid_with')],
            },
        ),
        migrations.CreateModel(
            name='PointsEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order_id', models.UUIDField(db_index=True)),
                ('event_id', models.UUIDField(help_text='the event that gave rise to it')),
                ('kind', models.CharField(choices=[('earned', 'earned: paid with money'), ('reversed', 'reversed: the money went back'), ('redeemed', 'redeemed: paid for an order'), ('returned', 'returned: what they paid for went back')], max_length=8)),
                ('points', models.BigIntegerField(help_text='below 0 where points were taken')),
                ('balance', models.BigIntegerField(help_text="the account's points after this")),
                ('revision', models.IntegerField(help_text='number of the entry in its account')),
                ('at', models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ('account', models.ForeignKey(db_column='customer_id', db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='loyalty.account')),
            ],
            options={
                'verbose_name_plural': 'points entries',
                'ordering': ['-id'],
                'constraints': [models.UniqueConstraint(fields=('account', 'revision'), name='entry_numbered'), models.UniqueConstraint(fields=('event_id', 'order_id', 'kind'), name='entry_once'), models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['earned', 'returned']), ('points__gt', 0)), models.Q(('kind__in', ['reversed', 'redeemed']), ('points__lt', 0)), _connector='OR'), name='entry_sign')],
            },
        ),
        migrations.RunSQL(
            """
            CREATE FUNCTION loyalty_pointsentry_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION 'an entry of points stays as it is'
                    USING ERRCODE = 'restrict_violation';
            END $$;
            CREATE TRIGGER loyalty_pointsentry_is_final
                BEFORE UPDATE OR DELETE ON loyalty_pointsentry
                FOR EACH ROW EXECUTE FUNCTION loyalty_pointsentry_is_final();
            """,
            reverse_sql="""
            DROP TRIGGER loyalty_pointsentry_is_final ON loyalty_pointsentry;
            DROP FUNCTION loyalty_pointsentry_is_final();
            """,
        ),
    ]
