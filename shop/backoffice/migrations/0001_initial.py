import django.db.models.deletion
import django.db.models.functions.comparison
import django.utils.timezone
from django.db import migrations, models

from shop.backoffice.roles import give_rights


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("axes", "0010_accessattemptexpiration"),
        ("billing", "0001_initial"),
        ("eventbus_history", "0001_initial"),
        ("eventbus_inbound", "0001_initial"),
        ("eventbus_operations", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name='BulkRun',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('action', models.CharField(max_length=50)),
                ('fields', models.JSONField(default=dict, help_text='what they said')),
                ('by', models.CharField(max_length=150)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ['-at'],
            },
        ),
        migrations.CreateModel(
            name='SavedFilter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person', models.IntegerField(help_text="an account's id; deleted with it")),
                ('page', models.CharField(help_text='the path of its address', max_length=100)),
                ('query', models.TextField(help_text='of its address')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('person', 'page'), name='staff_saved_filter')],
            },
        ),
        migrations.CreateModel(
            name='OrderComment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order_id', models.UUIDField()),
                ('by', models.CharField(max_length=150)),
                ('text', models.TextField(max_length=2000)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ['at'],
                'indexes': [models.Index(fields=['order_id', 'at'], name='staff_comments_of_order')],
            },
        ),
        migrations.CreateModel(
            name='RefundLimit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(help_text="the group's name", max_length=150, unique=True)),
                ('amount', models.DecimalField(blank=True, decimal_places=2, help_text='of each order, all refunds by staff together; empty: everything', max_digits=14, null=True)),
            ],
            options={
                'ordering': ['role'],
                'constraints': [models.CheckConstraint(condition=models.Q(('amount__gte', 0)), name='staff_refund_limit_not_negative')],
            },
        ),
        migrations.CreateModel(
            name='StaffAction',
            fields=[
                ('key', models.UUIDField(primary_key=True, serialize=False)),
                ('order_id', models.UUIDField()),
                ('by', models.CharField(max_length=150)),
                ('what', models.CharField(max_length=200)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ['-at'],
                'permissions': [('see_customers', 'Can see everything about a customer on one page')],
                'indexes': [models.Index(fields=['order_id', 'at'], name='staff_actions_of_order'), models.Index(fields=['-at'], name='staff_actions_at')],
            },
        ),
        migrations.CreateModel(
            name='BulkRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order_id', models.UUIDField()),
                ('part', models.UUIDField(help_text='such as a return; empty: the whole order', null=True)),
                ('number', models.CharField(max_length=20)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('done', 'Done'), ('refused', 'Refused')], default='waiting', max_length=10)),
                ('message', models.CharField(blank=True, max_length=300)),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='backoffice.bulkrun')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(models.F('run'), django.db.models.functions.comparison.Coalesce('part', 'order_id'), name='staff_bulk_row_once')],
            },
        ),
        # Orders by number and by customer, found in the history of the bus.
        migrations.RunSQL(
            """
            create index backoffice_order_number on eventbus_outboxevent ((data -> 'number'))
            where type = 'orders.OrderPlaced';
            create index backoffice_order_customer on eventbus_outboxevent ((data -> 'customer_id'))
            where type = 'orders.OrderPlaced';
            create index backoffice_order_email on eventbus_outboxevent ((data -> 'email'))
            where type = 'orders.OrderPlaced';
            """,
            "drop index backoffice_order_number, backoffice_order_customer, backoffice_order_email",
        ),
        migrations.RunPython(lambda apps, schema: give_rights(apps), migrations.RunPython.noop),
    ]
