"""Categories, products, their variants and their pictures."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.templatetags.static import static
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from djmoney.models.fields import CurrencyField, MoneyField
from djmoney.money import Money

from catalogue.markup import MarkupField
from catalogue.naming import validate_handle, validate_picture, validate_sku
from eventbus import now, projection

MAX_OPTIONS = 3
OPTION_VALUE_LENGTH = 200
LARGEST_PRICE = Decimal("9999999999.99")
CENT = Decimal("0.01")


def shop_currency() -> str:
    """Return the currency (ISO 4217) prices are in when nobody says otherwise."""
    return settings.DEFAULT_CURRENCY


class TaxClass(models.TextChoices):
    """What kind of thing is taxed; each country has its own rate for each."""

    STANDARD = "standard", _("Standard")
    REDUCED = "reduced", _("Reduced")
    ZERO = "zero", _("Not taxed")


class Selling(models.TextChoices):
    """What stock means for a variant."""

    TRACKED = "tracked", _("While there is stock")
    BACKORDER = "backorder", _("Also without stock, as a back-order")
    UNTRACKED = "untracked", _("Stock is not tracked")
    UNCOUNTED = "uncounted", _("Not counted yet: sold until it is")


class Category(models.Model):
    """A shelf of the shop; shelves may stand within shelves."""

    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    slug = models.SlugField(max_length=255, unique=True, allow_unicode=True)
    name = models.CharField(max_length=255)
    position = models.PositiveIntegerField(default=0, help_text="order among its neighbours")

    class Meta:
        verbose_name_plural = "categories"
        ordering = ["position", "name"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(parent=F("id")), name="category_not_its_own_parent"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Product(models.Model):
    """One thing the shop offers, in one variant or more."""

    handle = models.CharField(
        max_length=255,
        unique=True,
        validators=[validate_handle],
        help_text="its name in addresses",
    )
    title = models.CharField(max_length=255)
    body = MarkupField(blank=True, help_text="description, HTML; what could run is taken out")
    vendor = models.CharField(max_length=255, blank=True)
    type = models.CharField(max_length=255, blank=True)
    tags = ArrayField(models.CharField(max_length=255), default=list, blank=True)
    published = models.BooleanField(default=True, help_text="whether shoppers see it")
    category = models.ForeignKey(
        Category, models.SET_NULL, null=True, blank=True, related_name="products"
    )
    option_names = ArrayField(
        models.CharField(max_length=255),
        size=MAX_OPTIONS,
        default=list,
        blank=True,
        help_text="what its variants differ in, such as Size and Colour",
    )
    tax_class = models.CharField(
        max_length=10,
        choices=TaxClass,
        default=TaxClass.STANDARD,
        help_text="which of a country's rates of tax it is sold at",
    )
    seo_title = models.CharField("SEO title", max_length=255, blank=True)
    seo_description = models.TextField("SEO description", blank=True)
    created = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["title", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(handle=""), name="product_has_handle"),
            models.CheckConstraint(
                condition=Q(option_names__len__lte=MAX_OPTIONS), name="product_at_most_3_options"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Variant(models.Model):
    """What is put into a cart: a product in one choice of its options, at a price.

    Other apps know a variant by its SKU alone, which is its key. Where a file gives several
    variants the same, `shared_sku` has that, and the key is made of it.
    """

    product = models.ForeignKey(Product, models.CASCADE, related_name="variants")
    sku = models.CharField("SKU", max_length=255, unique=True, validators=[validate_sku])
    shared_sku = models.CharField(
        "SKU as shown",
        max_length=255,
        blank=True,
        help_text="where several variants have the same; otherwise empty",
    )
    option_values = ArrayField(
        models.CharField(max_length=OPTION_VALUE_LENGTH), size=MAX_OPTIONS, default=list, blank=True
    )
    currency = CurrencyField(default=shop_currency, editable=False)
    price: "models.Field[Money, Money]" = MoneyField(
        max_digits=12, decimal_places=2, currency_field_name="currency"
    )
    compare_at_price: "models.Field[Money | None, Money | None]" = MoneyField(
        max_digits=12,
        decimal_places=2,
        currency_field_name="currency",
        null=True,
        blank=True,
        help_text="the former price, where the present one is a reduction",
    )
    price_factor = models.DecimalField(
        max_digits=3, decimal_places=2, default=1, editable=False, help_text="of an adjustment"
    )
    price_factor_until = models.DateTimeField(null=True, editable=False)
    price_factor_by = models.UUIDField(
        null=True, editable=False, help_text="id of the event that adjusted the price"
    )
    barcode = models.CharField(max_length=255, blank=True)
    grams = models.PositiveIntegerField(default=0, help_text="weight")
    position = models.PositiveIntegerField(default=0, help_text="order within the product")
    taxable = models.BooleanField(default=True)
    requires_shipping = models.BooleanField(default=True)
    selling = models.CharField(
        max_length=10,
        choices=Selling,
        default=Selling.TRACKED,
        help_text="whether it can be bought when there is none",
    )

    objects = models.Manager["Variant"]()

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(sku=""), name="variant_has_sku"),
            models.CheckConstraint(condition=Q(price__gte=0), name="variant_price_not_negative"),
            models.CheckConstraint(
                condition=Q(compare_at_price__isnull=True) | Q(compare_at_price__gte=0),
                name="variant_compare_at_price_not_negative",
            ),
            # Deferred, so that two variants may exchange their options in one transaction.
            models.UniqueConstraint(
                fields=["product", "option_values"],
                name="variant_options_once_per_product",
                deferrable=models.Deferrable.DEFERRED,
            ),
        ]

    def __str__(self) -> str:
        return variant_title(self.product.title, self.option_values)

    def save(self, **options: Any) -> None:
        """Save it as people change it: how its price is adjusted is written by a reaction."""
        if not self._state.adding:
            fields = (field.name for field in self._meta.concrete_fields if not field.primary_key)
            changed = [name for name in fields if not name.startswith("price_factor")]
            options.setdefault("update_fields", changed)
        super().save(**options)

    @property
    def shown_sku(self) -> str:
        """The SKU as people know it."""
        return self.shared_sku or self.sku

    @property
    def tax_class(self) -> str:
        """Return what it is taxed as: like its product, unless it is exempt itself."""
        return self.product.tax_class if self.taxable else TaxClass.ZERO

    @property
    def current_price(self) -> Money:
        """Return what it costs now: its price, adjusted to the cent while an adjustment lasts."""
        if self.price_factor_until is None or self.price_factor_until <= now():
            return self.price
        adjusted = (self.price.amount * self.price_factor).quantize(CENT, ROUND_HALF_UP)
        return Money(min(adjusted, LARGEST_PRICE), self.price.currency)

    @property
    def reduced(self) -> bool:
        """Return whether the present price is below the former one."""
        return self.compare_at_price is not None and self.compare_at_price > self.current_price


class Image(models.Model):
    """A picture of a product, or of one of its variants."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="images")
    variant = models.ForeignKey(
        Variant, models.CASCADE, null=True, blank=True, related_name="images"
    )
    src = models.CharField(
        max_length=600,
        validators=[validate_picture],
        help_text="web address, or name of a static file",
    )
    alt = models.TextField(blank=True, help_text="what it shows, for those who cannot see it")
    position = models.PositiveIntegerField(default=1, help_text="order within the product")

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["product", "src"],
                condition=Q(variant__isnull=True),
                name="image_once_per_product",
            ),
            models.UniqueConstraint(
                fields=["variant"],
                condition=Q(variant__isnull=False),
                name="image_one_per_variant",
            ),
        ]

    def __str__(self) -> str:
        return self.alt or self.src

    @property
    def url(self) -> str:
        """Return where a browser finds the picture."""
        return self.src if "://" in self.src else static(self.src)


@projection
class Availability(models.Model):
    """How many units of a SKU can be bought, as inventory last emitted it."""

    sku = models.CharField(max_length=255, primary_key=True)
    available = models.IntegerField()
    revision = models.PositiveBigIntegerField()
    selling = models.CharField(
        max_length=10, default="tracked", help_text="what stock means for it"
    )

    class Meta:
        verbose_name_plural = "availabilities"

    def __str__(self) -> str:
        return f"{self.sku}: {self.available}"


def variant_title(product_title: str, option_values: list[str]) -> str:
    """Return what a variant is called on its own, as in an order line: `Shirt, Red / Small`."""
    return ", ".join(filter(None, [product_title, " / ".join(option_values)]))
