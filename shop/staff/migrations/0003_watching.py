from django.db import migrations

from shop.staff.roles import give_rights


class Migration(migrations.Migration):
    """Messages that were refused, and who has tried too many passwords."""

    dependencies = [
        ("staff", "0002_roles"),
        ("axes", "0010_accessattemptexpiration"),
        ("bus", "0006_strange_messages"),
    ]

    operations = [
        migrations.RunPython(lambda apps, schema: give_rights(apps), migrations.RunPython.noop),
    ]
