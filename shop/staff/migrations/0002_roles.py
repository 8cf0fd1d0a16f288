from django.db import migrations

from shop.staff.roles import give_rights


class Migration(migrations.Migration):

    dependencies = [
        ('staff', '0001_initial'),
        ('auth', '0012_alter_user_first_name_max_length'),
        ('contenttypes', '0002_remove_content_type_name'),
    ]

    operations = [
        migrations.RunPython(lambda apps, schema: give_rights(apps), migrations.RunPython.noop),
    ]
