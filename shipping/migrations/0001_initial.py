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
            name='SandboxParcel',
            fields=[
                ('reference', models.UUIDField(help_text='ours', primary_key=True, serialize=False)),
                ('tracking_number', models.CharField(max_length=50, unique=True)),
                ('label', models.JSONField(help_text='to or from where, and the lines')),
                ('taken_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name='Shipment',
            fields=[
                ('order_id', models.UUIDField(primary_key=True, serialize=False)),
                ('number', models.CharField(blank=True, max_length=50)),
                ('email', models.CharField(blank=True, max_length=254)),
                ('address', models.JSONField(null=True)),
                ('state', django_fsm.FSMField(choices=[('new', 'new, order not seen yet'), ('preparing', 'Preparing'), ('handing_over', 'handing over'), ('partly_shipped', 'partly shipped'), ('shipped', 'Shipped'), ('delivered', 'Delivered'), ('stopped', 'Stopped'), ('nothing', 'nothing to ship')], default='new', max_length=50, protected=True)),
                ('prepared_at', models.DateTimeField(null=True)),
                ('billed_at', models.DateTimeField(null=True)),
                ('leaves_at', models.DateTimeField(help_text='when its goods are packed', null=True)),
                ('cancellation_answered_at', models.DateTimeField(null=True)),
                ('held_by', models.CharField(blank=True, help_text='who ships it by hand', max_length=150)),
                ('on_hold', models.BooleanField(db_default=False, default=False, help_text='nothing of it may leave for now')),
                ('hold_revision', models.PositiveIntegerField(db_default=0, default=0, help_text='of the newest hold seen')),
                ('ordered', models.PositiveIntegerField(default=0, help_text='units')),
                ('packed', models.PositiveIntegerField(default=0, help_text='units in parcels')),
                ('shipped', models.PositiveIntegerField(default=0, help_text='units the carrier took')),
                ('delivered', models.PositiveIntegerField(default=0, help_text='units at the doorstep')),
                ('closed', models.PositiveIntegerField(db_default=0, default=0, help_text='units that will not be shipped')),
                ('lost', models.PositiveIntegerField(db_default=0, default=0, help_text='units lost on their way')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('erased_at', models.DateTimeField(help_text='when its shopper was forgotten', null=True)),
            ],
            options={
                'permissions': [('ship_by_hand', 'Can hold orders back and ship them in parts')],
                'indexes': [models.Index(fields=['number'], name='shipping_number'), models.Index(fields=['state', 'created_at'], name='shipping_state')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ordered__gte', django.db.models.expressions.CombinedExpression(models.F('packed'), '+', models.F('closed'))), ('shipped__gte', django.db.models.expressions.CombinedExpression(models.F('delivered'), '+', models.F('lost'))), ('shipped__lte', models.F('packed'))), name='shipping_never_more_than_ordered'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'stopped'), _negated=True), ('packed', 0), _connector='OR'), name='shipping_stopped_means_nothing_leaves'), models.CheckConstraint(condition=models.Q(('packed', 0), ('billed_at__isnull', False), _connector='OR'), name='shipping_nothing_leaves_unbilled')],
            },
            bases=(django_fsm.FSMModelMixin, models.Model),
        ),
        migrations.CreateModel(
            name='Parcel',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('units', models.PositiveIntegerField()),
                ('packed_by', models.CharField(blank=True, help_text='empty: by itself', max_length=150)),
                ('packed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('carrier', models.CharField(blank=True, max_length=100)),
                ('label', models.CharField(blank=True, db_default='', help_text='tracking number of the label staff put on it', max_length=50)),
                ('tracking_number', models.CharField(blank=True, max_length=100)),
                ('expected_at', models.DateTimeField(help_text='at the doorstep, says the carrier', null=True)),
                ('handed_over_at', models.DateTimeField(null=True)),
                ('delivered_at', models.DateTimeField(null=True)),
                ('lost_at', models.DateTimeField(help_text='when it was given up on its way', null=True)),
                ('shipment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parcels', to='shipping.shipment')),
            ],
            options={
                'ordering': ['packed_at'],
            },
        ),
        migrations.CreateModel(
            name='ShipmentLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField(help_text='on the order, from 1')),
                ('sku', models.CharField(max_length=255, verbose_name='SKU')),
                ('title', models.TextField()),
                ('quantity', models.PositiveIntegerField()),
                ('shipped', models.PositiveIntegerField(default=0, help_text='units in parcels')),
                ('closed', models.PositiveIntegerField(db_default=0, default=0, help_text='units that will not be shipped')),
                ('shipment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='shipping.shipment')),
            ],
            options={
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='ParcelLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quantity', models.PositiveIntegerField()),
                ('parcel', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='shipping.parcel')),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parcel_lines', to='shipping.shipmentline')),
            ],
        ),
        migrations.CreateModel(
            name='ReturnParcel',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('lines', models.JSONField(help_text='what comes back')),
                ('carrier', models.CharField(blank=True, max_length=100)),
                ('tracking_number', models.CharField(blank=True, max_length=100)),
                ('expected_at', models.DateTimeField(help_text='here, says the carrier', null=True)),
                ('approved_at', models.DateTimeField()),
                ('booked_at', models.DateTimeField(null=True)),
                ('arrived_at', models.DateTimeField(null=True)),
                ('shipment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='return_parcels', to='shipping.shipment')),
            ],
            options={
                'ordering': ['approved_at'],
                'constraints': [models.CheckConstraint(condition=models.Q(('booked_at__isnull', True), models.Q(('tracking_number', ''), _negated=True), _connector='XOR'), name='shipping_return_booked_with_number'), models.CheckConstraint(condition=models.Q(('arrived_at__isnull', True), ('booked_at__isnull', False), _connector='OR'), name='shipping_return_arrived_after_booked')],
            },
        ),
        migrations.AddConstraint(
            model_name='parcel',
            constraint=models.UniqueConstraint(condition=models.Q(('tracking_number', ''), _negated=True), fields=('carrier', 'tracking_number'), name='shipping_tracking_number_once'),
        ),
        migrations.AddConstraint(
            model_name='parcel',
            constraint=models.UniqueConstraint(condition=models.Q(('label', ''), _negated=True), fields=('label',), name='shipping_label_once'),
        ),
        migrations.AddConstraint(
            model_name='parcel',
            constraint=models.CheckConstraint(condition=models.Q(('handed_over_at__isnull', True), models.Q(('tracking_number', ''), _negated=True), _connector='XOR'), name='shipping_handed_over_with_number'),
        ),
        migrations.AddConstraint(
            model_name='parcel',
            constraint=models.CheckConstraint(condition=models.Q(('delivered_at__isnull', True), ('handed_over_at__isnull', False), _connector='OR'), name='shipping_delivered_after_handed_over'),
        ),
        migrations.AddConstraint(
            model_name='parcel',
            constraint=models.CheckConstraint(condition=models.Q(('lost_at__isnull', True), models.Q(('delivered_at__isnull', True), ('handed_over_at__isnull', False)), _connector='OR'), name='shipping_lost_after_handed_over'),
        ),
        migrations.AddConstraint(
            model_name='shipmentline',
            constraint=models.UniqueConstraint(fields=('shipment', 'position'), name='shipping_line_once'),
        ),
        migrations.AddConstraint(
            model_name='shipmentline',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gte', django.db.models.expressions.CombinedExpression(models.F('shipped'), '+', models.F('closed')))), name='shipping_line_never_more_than_ordered'),
        ),
        migrations.AddConstraint(
            model_name='parcelline',
            constraint=models.UniqueConstraint(fields=('parcel', 'line'), name='shipping_parcel_line_once'),
        ),
        migrations.AddConstraint(
            model_name='parcelline',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='shipping_parcel_line_not_empty'),
        ),
    ]
