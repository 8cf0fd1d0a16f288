from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('storefront', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='cart',
            name='language',
            field=models.CharField(default='en', help_text='ISO 639-1', max_length=10),
        ),
    ]
