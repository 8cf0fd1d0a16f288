from django.db import migrations

from shop.staff.roles import give_rights


class Migration(migrations.Migration):
    """Disputes, and differences with the processor."""

    dependencies = [("staff", "0003_watching"), ("billing", "0009_what_the_processor_does")]

    operations = [
        migrations.RunPython(lambda apps, schema: give_rights(apps), migrations.RunPython.noop),
    ]
