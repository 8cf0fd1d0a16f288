import catalogue.markup
import catalogue.models
import catalogue.naming
import django.contrib.postgres.fields
import django.db.models.constraints
import django.db.models.deletion
import django.utils.timezone
import djmoney.models.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Availability',
            fields=[
                ('sku', models.CharField(max_length=255, primary_key=True, serialize=False)),
                ('available', models.IntegerField()),
                ('revision', models.PositiveBigIntegerField()),
                ('selling', models.CharField(default='tracked', help_text='what stock means for it', max_length=10)),
            ],
            options={
                'verbose_name_plural': 'availabilities',
            },
        ),
        migrations.CreateModel(
            name='Category',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(allow_unicode=True, max_length=255, unique=True)),
                ('name', models.CharField(max_length=255)),
                ('position', models.PositiveIntegerField(default=0, help_text='order among its neighbours')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='catalogue.category')),
            ],
            options={
                'verbose_name_plural': 'categories',
                'ordering': ['position', 'name'],
            },
        ),
        migrations.CreateModel(
            name='Product',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('handle', models.CharField(help_text='its name in addresses', max_length=255, unique=True, validators=[catalogue.naming.validate_handle])),
                ('title', models.CharField(max_length=255)),
                ('body', catalogue.markup.MarkupField(blank=True, help_text='description, HTML; what could run is taken out')),
                ('vendor', models.CharField(blank=True, max_length=255)),
                ('type', models.CharField(blank=True, max_length=255)),
                ('tags', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=255), blank=True, default=list, size=None)),
                ('published', models.BooleanField(default=True, help_text='whether shoppers see it')),
                ('option_names', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=255), blank=True, default=list, help_text='what its variants differ in, such as Size and Colour', size=3)),
                ('tax_class', models.CharField(choices=[('standard', 'Standard'), ('reduced', 'Reduced'), ('zero', 'Not taxed')], default='standard', help_text="which of a country's rates of tax it is sold at", max_length=10)),
                ('seo_title', models.CharField(blank=True, max_length=255, verbose_name='SEO title')),
                ('seo_description', models.TextField(blank=True, verbose_name='SEO description')),
                ('created', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('category', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='products', to='catalogue.category')),
            ],
            options={
                'ordering': ['title', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Variant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sku', models.CharField(max_length=255, unique=True, validators=[catalogue.naming.validate_sku], verbose_name='SKU')),
                ('shared_sku', models.CharField(blank=True, help_text='where several variants have the same; otherwise empty', max_length=255, verbose_name='SKU as shown')),
                ('option_values', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=200), blank=True, default=list, size=3)),
                ('currency', djmoney.models.fields.CurrencyField(default=catalogue.models.shop_currency, editable=False, max_length=3)),
                ('price', djmoney.models.fields.MoneyField(currency_field_name='currency', decimal_places=2, max_digits=12)),
                ('compare_at_price', djmoney.models.fields.MoneyField(blank=True, currency_field_name='currency', decimal_places=2, help_text='the former price, where the present one is a reduction', max_digits=12, null=True)),
                ('price_factor', models.DecimalField(decimal_places=2, default=1, editable=False, help_text='of an adjustment', max_digits=3)),
                ('price_factor_until', models.DateTimeField(editable=False, null=True)),
                ('price_factor_by', models.UUIDField(editable=False, help_text='id of the event that adjusted the price', null=True)),
                ('barcode', models.CharField(blank=True, max_length=255)),
                ('grams', models.PositiveIntegerField(default=0, help_text='weight')),
                ('position', models.PositiveIntegerField(default=0, help_text='order within the product')),
                ('taxable', models.BooleanField(default=True)),
                ('requires_shipping', models.BooleanField(default=True)),
                ('selling', models.CharField(choices=[('tracked', 'While there is stock'), ('backorder', 'Also without stock, as a back-order'), ('untracked', 'Stock is not tracked'), ('uncounted', 'Not counted yet: sold until it is')], default='tracked', help_text='whether it can be bought when there is none', max_length=10)),
                ('product', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='variants', to='catalogue.product')),
            ],
            options={
                'ordering': ['position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Image',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('src', models.CharField(help_text='web address, or name of a static file', max_length=600, validators=[catalogue.naming.validate_picture])),
                ('alt', models.TextField(blank=True, help_text='what it shows, for those who cannot see it')),
                ('position', models.PositiveIntegerField(default=1, help_text='order within the product')),
                ('product', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='images', to='catalogue.product')),
                ('variant', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='images', to='catalogue.variant')),
            ],
            options={
                'ordering': ['position', 'id'],
            },
        ),
        migrations.AddConstraint(
            model_name='category',
            constraint=models.CheckConstraint(condition=models.Q(('parent', models.F('id')), _negated=True), name='category_not_its_own_parent'),
        ),
        migrations.AddConstraint(
            model_name='product',
            constraint=models.CheckConstraint(condition=models.Q(('handle', ''), _negated=True), name='product_has_handle'),
        ),
        migrations.AddConstraint(
            model_name='product',
            constraint=models.CheckConstraint(condition=models.Q(('option_names__len__lte', 3)), name='product_at_most_3_options'),
        ),
        migrations.AddConstraint(
            model_name='variant',
            constraint=models.CheckConstraint(condition=models.Q(('sku', ''), _negated=True), name='variant_has_sku'),
        ),
        migrations.AddConstraint(
            model_name='variant',
            constraint=models.CheckConstraint(condition=models.Q(('price__gte', 0)), name='variant_price_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='variant',
            constraint=models.CheckConstraint(condition=models.Q(('compare_at_price__isnull', True), ('compare_at_price__gte', 0), _connector='OR'), name='variant_compare_at_price_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='variant',
            constraint=models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['DEFERRED'], fields=('product', 'option_values'), name='variant_options_once_per_product'),
        ),
        migrations.AddConstraint(
            model_name='image',
            constraint=models.UniqueConstraint(condition=models.Q(('variant__isnull', True)), fields=('product', 'src'), name='image_once_per_product'),
        ),
        migrations.AddConstraint(
            model_name='image',
            constraint=models.UniqueConstraint(condition=models.Q(('variant__isnull', False)), fields=('variant',), name='image_one_per_variant'),
        ),
    ]
