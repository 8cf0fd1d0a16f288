"""Promotions, and who has used them."""

from datetime import datetime, time, timedelta
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, F, Max, Q
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from eventbus import MailboxField
from pricing.amounts import rounded

ONE_DAY = timedelta(days=1)


class Promotion(models.Model):
    """A code that makes an order cheaper. Capital and small letters are the same."""

    class Kind(models.TextChoices):
        PERCENTAGE = "percentage", _("Percent off the goods")
        FIXED = "fixed", _("Amount off the goods")
        FREE_SHIPPING = "free_shipping", _("Free delivery")

    code = models.CharField(max_length=40, help_text="what shoppers type, such as WELCOME10")
    kind = models.CharField(max_length=15, choices=Kind)
    value = models.DecimalField(
        max_digits=12,
        decimal_places=2,
        default=Decimal(0),
        help_text="percent, or an amount in the shop's currency; 0 for free delivery",
    )
    starts_at = models.DateTimeField(default=timezone.now, help_text="valid from then on")
    ends_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="valid until then, if set; at midnight: through the whole of that day",
    )
    minimum_goods = models.DecimalField(
        max_digits=12,
        decimal_places=2,
        default=Decimal(0),
        help_text="what the goods must cost at least, in the shop's currency",
    )
    limit = models.PositiveIntegerField(
        null=True, blank=True, help_text="orders it may be used for in all; empty: any number"
    )
    limit_per_customer = models.PositiveIntegerField(
        null=True, blank=True, help_text="orders each customer may use it for; empty: any number"
    )
    active = models.BooleanField(default=True, help_text="switched off, the code is unknown")

    objects = models.Manager["Promotion"]()

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                Upper("code"),
                name="promotion_code_once",
                violation_error_message=_("There is a promotion with this code already."),
            ),
            models.CheckConstraint(
                condition=Q(kind="free_shipping", value=0)
                | Q(kind="fixed", value__gt=0)
                | Q(kind="percentage", value__gt=0, value__lte=100),
                name="promotion_value_fits_kind",
                violation_error_message=_(
                    "Value: 0 for free delivery, up to 100 for a percentage, "
                    "more than 0 for an amount."
                ),
            ),
            models.CheckConstraint(
                # An end at midnight is that of the day, which `clean` knows.
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at") - ONE_DAY),
                name="promotion_ends_after_start",
                violation_error_message=_("Ends at: must be after the start."),
            ),
            models.CheckConstraint(
                condition=Q(minimum_goods__gte=0),
                name="promotion_minimum_not_negative",
                violation_error_message=_("Minimum goods: must not be negative."),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def clean(self) -> None:
        """Refuse a limit below what was used already: to end the promotion, switch it off."""
        if self.starts_at and self.is_over(self.starts_at):
            raise ValidationError({"ends_at": _("Ends at: must be after the start.")})
        used = Redemption.objects.filter(promotion=self.pk, released_at=None)
        _check_limit("limit", self.limit, used.count())
        for who in ("customer_id", "email"):
            _check_limit("limit_per_customer", self.limit_per_customer, _most_by_one(used, who))

    def off_goods(self, goods: Decimal) -> Decimal:
        """Return what it takes off goods that cost so much; never more than that."""
        if self.kind == self.Kind.PERCENTAGE:
            return rounded(goods * self.value / 100)
        return min(self.value, goods)

    def off_shipping(self, shipping: Decimal) -> Decimal:
        """Return what it takes off delivery that costs so much."""
        return shipping if self.kind == self.Kind.FREE_SHIPPING else Decimal(0)

    def is_over(self, now: datetime) -> bool:
        if self.ends_at is None:
            return False
        ends = timezone.localtime(self.ends_at)
        return (ends + ONE_DAY if names_a_day(ends) else ends) <= now


def names_a_day(moment: datetime) -> bool:
    """Return whether it is midnight where the shop is, as of somebody who means the day."""
    return timezone.localtime(moment).time() == time.min


class Redemption(models.Model):
    """An order that used a promotion; released when the order was cancelled."""

    promotion = models.ForeignKey(Promotion, models.PROTECT, related_name="redemptions")
    order_id = models.UUIDField(unique=True)
    customer_id = models.CharField(max_length=50, blank=True, help_text="empty for a guest")
    email = MailboxField(blank=True, help_text="as `mailbox` writes it")
    redeemed_at = models.DateTimeField(default=timezone.now)
    released_at = models.DateTimeField(null=True, blank=True)

    objects = models.Manager["Redemption"]()

    class Meta:
        ordering = ["-redeemed_at"]
        indexes = [
            models.Index(fields=["promotion", "email"], name="redemption_by_email"),
            models.Index(fields=["promotion", "customer_id"], name="redemption_by_customer"),
        ]

    def __str__(self) -> str:
        return f"{self.promotion} for order {self.order_id}"


def _most_by_one(used: models.QuerySet[Redemption], who: str) -> int:
    """Return the most redemptions that one customer has, by their account or their address."""
    by_customer = used.exclude(**{who: ""}).values(who).annotate(times=Count("pk"))
    return by_customer.aggregate(most=Max("times", default=0))["most"]


def _check_limit(field: str, limit: int | None, used: int) -> None:
    if limit is not None and limit < used:
        text = _("It was used %(count)d times already. To end the promotion, switch it off.")
        raise ValidationError({field: text % {"count": used}})
