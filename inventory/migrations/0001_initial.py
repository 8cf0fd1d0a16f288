import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
import django_fsm
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Receipt',
            fields=[
                ('reference', models.CharField(max_length=255, primary_key=True, serialize=False)),
                ('change_id', models.UUIDField(unique=True)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name='StockReservation',
            fields=[
                ('order_id', models.UUIDField(primary_key=True, serialize=False)),
                ('state', django_fsm.FSMField(choices=[('expected', 'not placed as far as we know'), ('held', 'Held'), ('rejected', 'rejected: not enough stock'), ('released', 'Released'), ('partly_sold', 'shipped in part'), ('sold', 'shipped, as far as it was not closed')], default='expected', max_length=50, protected=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('changed_at', models.DateTimeField(auto_now=True)),
            ],
            options={
                'indexes': [models.Index(fields=['created_at'], name='reservation_created')],
            },
        ),
        migrations.CreateModel(
            name='Movement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('change_id', models.UUIDField()),
                ('sku', models.CharField(max_length=255, verbose_name='SKU')),
                ('kind', models.CharField(choices=[('opening', 'opening stock'), ('received', 'Received'), ('adjusted', 'adjusted by staff'), ('reserved', 'reserved for an order'), ('released', 'released from an order'), ('sold', 'Sold'), ('returned', 'Returned')], max_length=10)),
                ('quantity', models.IntegerField(help_text='units; below 0 where staff took some away or a release was undone')),
                ('reason', models.CharField(max_length=255)),
                ('by', models.CharField(blank=True, help_text='who of the staff', max_length=150)),
                ('order_id', models.UUIDField(null=True)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['sku', 'at'], name='movement_sku'), models.Index(condition=models.Q(('order_id__isnull', False)), fields=['order_id'], name='movement_order'), models.Index(fields=['at'], name='movement_at')],
                'constraints': [models.UniqueConstraint(fields=('change_id', 'sku', 'kind'), name='movement_once'), models.CheckConstraint(condition=models.Q(('quantity__gte', 0), ('kind__in', ['adjusted', 'released']), _connector='OR'), name='movement_direction')],
            },
        ),
        migrations.CreateModel(
            name='Stock',
            fields=[
                ('sku', models.CharField(max_length=255, primary_key=True, serialize=False, verbose_name='SKU')),
                ('received', models.IntegerField(default=0, help_text='ever came in, corrected by staff')),
                ('on_hand', models.IntegerField(default=0, help_text='can still be promised')),
                ('reserved', models.IntegerField(default=0, help_text='promised to orders, not yet shipped')),
                ('sold', models.IntegerField(default=0, help_text='shipped and not returned')),
                ('revision', models.IntegerField(default=0, help_text='rises with every change')),
                ('selling', models.CharField(choices=[('tracked', 'while there is stock'), ('backorder', 'also when there is none, as a back-order'), ('untracked', 'without counting'), ('uncounted', 'without counting, until it is counted')], default='tracked', max_length=10)),
                ('selling_since', models.DateTimeField(help_text='when that was emitted', null=True)),
                ('floor', models.IntegerField(default=0, help_text='what can be promised never goes below; empty: back-orders may take it anywhere', null=True)),
            ],
            options={
                'verbose_name_plural': 'stock',
                'ordering': ['sku'],
                'constraints': [models.CheckConstraint(condition=models.Q(('on_hand__gte', models.F('floor'))), name='stock_never_oversold'), models.CheckConstraint(condition=models.Q(('floor__lte', 0)), name='stock_floor_not_above_zero'), models.CheckConstraint(condition=models.Q(('reserved__gte', 0)), name='stock_reserved_positive'), models.CheckConstraint(condition=models.Q(('sold__gte', 0)), name='stock_sold_positive'), models.CheckConstraint(condition=models.Q(('received', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('on_hand'), '+', models.F('reserved')), '+', models.F('sold')))), name='stock_adds_up')],
            },
        ),
        migrations.CreateModel(
            name='ReservationLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sku', models.CharField(max_length=255, verbose_name='SKU')),
                ('quantity', models.IntegerField(help_text='units promised')),
                ('shipped', models.IntegerField(default=0)),
                ('returned', models.IntegerField(default=0)),
                ('closed', models.IntegerField(db_default=0, default=0, help_text='given up before they left')),
                ('tracked', models.BooleanField(default=True, help_text='whether units are held for it')),
                ('reservation', models.ForeignKey(db_column='order_id', db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='inventory.stockreservation')),
            ],
            options={
                'ordering': ['sku'],
                'indexes': [models.Index(fields=['sku'], name='reservation_line_sku')],
                'constraints': [models.UniqueConstraint(fields=('reservation', 'sku'), name='reservation_line_once'), models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='reservation_line_of_units'), models.CheckConstraint(condition=models.Q(('closed__gte', 0), ('shipped__gte', 0), ('quantity__gte', django.db.models.expressions.CombinedExpression(models.F('shipped'), '+', models.F('closed')))), name='reservation_line_shipped_within'), models.CheckConstraint(condition=models.Q(('returned__gte', 0), ('returned__lte', models.F('quantity'))), name='reservation_line_returned_within')],
            },
        ),
        migrations.RunSQL(
            """
            CREATE FUNCTION inventory_movement_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION 'a booked movement stays as it is'
                    USING ERRCODE = 'restrict_violation';
            END $$;
            CREATE TRIGGER inventory_movement_is_final
                BEFORE UPDATE OR DELETE ON inventory_movement
                FOR EACH ROW EXECUTE FUNCTION inventory_movement_is_final();
            """,
            reverse_sql="""
            DROP TRIGGER inventory_movement_is_final ON inventory_movement;
            DROP FUNCTION inventory_movement_is_final();
            """,
        ),
    ]
