"""What the pages need: carts, and read models of other apps' facts."""

import uuid
from collections.abc import Iterable

from django.contrib.postgres.fields import ArrayField
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from djmoney.models.fields import MoneyField
from djmoney.money import Money

from eventbus import LockingManager, MailboxField
from orders.events import Address
from shop.checkout.delivery import country_name


class Cart(models.Model):
    """What a shopper means to buy. `revision` rises with every change."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    customer_id = models.CharField(max_length=50, blank=True)
    email = MailboxField(blank=True)
    language = models.CharField(max_length=10, default="en", help_text="ISO 639-1")
    revision = models.PositiveIntegerField(default=0)
    announced = models.PositiveIntegerField(default=0, help_text="last revision emitted")
    ordered_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(fields=["customer_id"], name="storefront_cart_of"),
            models.Index(fields=["changed_at"], name="storefront_cart_changed"),
        ]

    def __str__(self) -> str:
        return f"cart {self.id}"


class Session(AbstractBaseSession):
    """What is kept of a browser, and whom that is about, so that it is found when they go.

    `about` has the account's id, every address and the cart that are in the data. No index:
    it is written at many requests and asked for only where somebody is erased.
    """

    about = ArrayField(models.TextField(), default=list)

    def __str__(self) -> str:
        return f"session until {self.expire_date}"


class CartItem(models.Model):
    """Units of one variant in a cart, at the price shown when they were put there."""

    cart = models.ForeignKey(Cart, models.CASCADE, related_name="items")
    sku = models.CharField(max_length=255)
    title = models.CharField(max_length=255)
    quantity = models.PositiveIntegerField()
    unit_price: "models.Field[Money, Money]" = MoneyField(
        max_digits=14, decimal_places=2, default_currency=None
    )

    objects = models.Manager["CartItem"]()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["cart", "sku"], name="storefront_item_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="storefront_item_has_units"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.title}"


class Points(models.Model):
    """A customer's points, as loyalty last emitted them."""

    customer_id = models.CharField(max_length=50, primary_key=True)
    balance = models.BigIntegerField()
    revision = models.PositiveBigIntegerField()

    class Meta:
        verbose_name_plural = "points"

    def __str__(self) -> str:
        return f"{self.customer_id}: {self.balance}"


class OrderStatus(models.Model):
    """What the order page needs to know beyond the order itself, fact by fact."""

    order_id = models.UUIDField(primary_key=True, editable=False)
    challenged_at = models.DateTimeField(null=True, help_text="the bank asked for a confirmation")
    answered_at = models.DateTimeField(null=True, help_text="the shopper answered the bank")
    challenge_url = models.TextField(blank=True, help_text="the processor's own page to answer on")
    paid_again_at = models.DateTimeField(null=True, help_text="another card was given")
    voided_at = models.DateTimeField(null=True, help_text="the hold on the card was released")
    cancellation_requested_at = models.DateTimeField(null=True)
    cancellation_refused_at = models.DateTimeField(null=True)
    forgotten = models.BooleanField(
        default=False, db_default=False, help_text="whose order it was is not to be known any more"
    )

    objects = LockingManager["OrderStatus"]()

    class Meta:
        verbose_name_plural = "order statuses"

    def __str__(self) -> str:
        return f"status of order {self.order_id}"

    @staticmethod
    def forgotten_of(order_ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
        """Return whose shopper was forgotten; no other one is until the transaction ends."""
        rows = OrderStatus.objects.get_or_create_many_for_update(mostly_new=True, pk=order_ids)
        with rows as statuses:
            return {order_id for order_id, status in statuses.items() if status.forgotten}


class Tracking(models.Model):
    """A parcel on its way, and the number under which its carrier knows it."""

    parcel_id = models.UUIDField(primary_key=True, editable=False)
    order_id = models.UUIDField(db_index=True)
    carrier = models.TextField()
    number = models.TextField()
    shipped_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "tracking"
        ordering = ["shipped_at"]

    def __str__(self) -> str:
        return f"{self.carrier} {self.number}"


class PointsLine(models.Model):
    """A line of a customer's account of points, as loyalty emitted it."""

    class Kind(models.TextChoices):
        EARNED = "earned", _("Earned")
        REVERSED = "reversed", _("Taken back")
        REDEEMED = "redeemed", _("Spent")
        RETURNED = "returned", _("Given back")

    customer_id = models.CharField(max_length=50)
    #: numbers the lines of a customer: the higher one is the newer
    revision = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=8, choices=Kind)
    order_id = models.UUIDField()
    points = models.BigIntegerField(help_text="below 0 where points went")
    balance = models.BigIntegerField(help_text="the customer's points after this")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-revision"]
        constraints = [
            models.UniqueConstraint(
                fields=["customer_id", "revision"], name="storefront_points_line_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id}: {self.points:+}"


class Profile(models.Model):
    """What else an account's owner told about themselves."""

    customer_id = models.CharField(max_length=50, primary_key=True)
    language = models.CharField(max_length=10, help_text="ISO 639-1")

    def __str__(self) -> str:
        return f"profile of {self.customer_id}"


class SavedAddress(models.Model):
    """An address a customer keeps for the next order."""

    customer_id = models.CharField(max_length=50)
    name = models.CharField(max_length=100)
    line1 = models.CharField(max_length=200)
    line2 = models.CharField(max_length=200, blank=True)
    city = models.CharField(max_length=100, blank=True)
    region = models.CharField(max_length=100, blank=True)
    postcode = models.CharField(max_length=20, blank=True)
    country = models.CharField(max_length=2, help_text="ISO 3166-1 alpha-2")
    is_default = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = "saved addresses"
        ordering = ["-is_default", "name", "id"]
        indexes = [models.Index(fields=["customer_id"], name="storefront_address_of")]
        constraints = [
            models.UniqueConstraint(
                fields=["customer_id"],
                condition=Q(is_default=True),
                name="storefront_one_default_address",
            ),
        ]

    def __str__(self) -> str:
        return ", ".join(filter(None, (self.name, self.line1, self.city, self.country)))

    @property
    def lines(self) -> list[str]:
        """As it is written under the name."""
        fields = {field: getattr(self, field) for field in Address.model_fields}
        return [*Address(**fields | {"name": ""}).lines, country_name(self.country)]


class ApiToken(models.Model):
    """By which a program acts for a customer. The token itself is nowhere, only its digest."""

    customer_id = models.CharField(max_length=50)
    name = models.CharField(max_length=100, help_text="what it is for, in the customer's words")
    prefix = models.CharField(max_length=20, help_text="the token's first characters")
    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256")
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "API token"
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["customer_id"], name="storefront_token_of")]

    def __str__(self) -> str:
        return f"{self.prefix}… of {self.customer_id}"
