import analytics.models
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Cart',
            fields=[
                ('cart_id', models.UUIDField(primary_key=True, serialize=False)),
                ('begun_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['begun_at'], name='cart_begun')],
            },
        ),
        migrations.CreateModel(
            name='Figure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('granularity', models.CharField(choices=[('hour', 'Hour'), ('day', 'Day')], max_length=4)),
                ('start', models.DateTimeField(help_text='start of the hour or day, UTC')),
                ('name', models.CharField(choices=[('events', 'events, by type'), ('funnel', 'carts and orders, by step'), ('orders', 'orders placed'), ('order_value', 'value of the orders placed'), ('units_ordered', 'units ordered'), ('units_shipped', 'units shipped'), ('product_units', 'units ordered, by SKU'), ('product_value', 'value ordered, by SKU'), ('revenue', 'revenue billed'), ('payments', 'money taken'), ('refunds', 'refunds made'), ('refunded', 'money given back'), ('disputes', 'payments disputed'), ('cancelled', 'orders cancelled, by reason'), ('registrations', 'accounts opened')], max_length=20)),
                ('dimension', models.CharField(blank=True, max_length=255)),
                ('currency', models.CharField(blank=True, max_length=3)),
                ('value', models.DecimalField(decimal_places=2, max_digits=20)),
            ],
            options={
                'ordering': ['-start', 'granularity', 'name', 'dimension', 'currency'],
                'indexes': [models.Index(fields=['start'], name='figure_start')],
                'constraints': [models.UniqueConstraint(fields=('name', 'granularity', 'start', 'dimension', 'currency'), name='figure_once'), models.CheckConstraint(condition=models.Q(('granularity__in', analytics.models.Granularity)), name='figure_granularity')],
            },
        ),
    ]
