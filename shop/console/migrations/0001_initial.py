"""An index that finds an order's story by the order's number.

It stands on the bus's table, but here: the bus knows no app and no order.
"""

from django.db import migrations


class Migration(migrations.Migration):
    initial = True

    dependencies = [("bus", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            create index console_order_number on bus_outboxevent ((data -> 'number'))
            where type = 'orders.OrderPlaced'
            """,
            "drop index console_order_number",
        ),
    ]
