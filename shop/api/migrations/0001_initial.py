import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='IdempotencyKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('owner', models.CharField(blank=True, help_text="customer, a guest's cart, or an order", max_length=50)),
                ('key', models.CharField(max_length=255)),
                ('request', models.CharField(help_text='digest of what was asked', max_length=64)),
                ('answer', models.JSONField(help_text='empty: being found', null=True)),
                ('made_at', models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('owner', 'key'), name='api_key_once_per_owner')],
            },
        ),
    ]
