"""Where which tax is due."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class TaxClass(models.TextChoices):
    """Classes of goods that have rates of tax; goods of any other class are not taxed."""

    STANDARD = "standard", _("Standard")
    REDUCED = "reduced", _("Reduced")


class TaxZone(models.Model):
    """A country, or a region of one, and how prices are shown there."""

    country = models.CharField(
        max_length=2,
        validators=[RegexValidator("^[A-Z]{2}$", _("Write two capital letters, such as AT."))],
        help_text="ISO 3166-1 alpha-2",
    )
    region = models.CharField(
        max_length=40,
        blank=True,
        help_text="state or province as in addresses, such as CA; empty: the whole country",
    )
    included = models.BooleanField(
        "tax included",
        default=True,
        help_text="prices contain the tax; otherwise it is added to them at checkout",
    )

    objects = models.Manager["TaxZone"]()

    class Meta:
        ordering = ["country", "region"]
        constraints = [
            models.UniqueConstraint(fields=["country", "region"], name="tax_zone_once"),
        ]

    def __str__(self) -> str:
        return f"{self.country} {self.region}".strip()


class TaxRate(models.Model):
    """Percent of tax on one class of goods in one zone; a class without a rate is not taxed."""

    zone = models.ForeignKey(TaxZone, models.CASCADE, related_name="rates")
    tax_class = models.CharField(max_length=10, choices=TaxClass)
    percent = models.DecimalField(
        max_digits=6, decimal_places=3, validators=[MinValueValidator(0), MaxValueValidator(100)]
    )

    objects = models.Manager["TaxRate"]()

    class Meta:
        ordering = ["zone", "-percent"]
        constraints = [
            models.UniqueConstraint(fields=["zone", "tax_class"], name="tax_rate_once"),
            models.CheckConstraint(
                condition=models.Q(percent__gte=0, percent__lte=100), name="tax_rate_is_percent"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.zone} {self.tax_class}: {self.plain} %"

    @property
    def plain(self) -> Decimal:
        """The percent as people write them, without zeros at the end."""
        return Decimal(f"{Decimal(self.percent).normalize():f}")
