"""Models of the staff pages: comments, actions, bulk runs, saved filters, refund limits."""

from decimal import Decimal
from uuid import UUID

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Coalesce
from django.utils import timezone


class OrderComment(models.Model):
    """A comment about an order, by staff for staff."""

    order_id = models.UUIDField()
    by = models.CharField(max_length=150)
    text = models.TextField(max_length=2000)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at"]
        indexes = [models.Index(fields=["order_id", "at"], name="staff_comments_of_order")]

    def __str__(self) -> str:
        return f"{self.by}: {self.text[:50]}"


class StaffAction(models.Model):
    """An action of staff on an order, recorded once however often its button was pressed.

    `key` is the idempotency key of the dialog.
    """

    key = models.UUIDField(primary_key=True)
    order_id = models.UUIDField()
    by = models.CharField(max_length=150)
    what = models.CharField(max_length=200)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at"]
        permissions = [("see_customers", "Can see everything about a customer on one page")]
        indexes = [
            models.Index(fields=["order_id", "at"], name="staff_actions_of_order"),
            models.Index(fields=["-at"], name="staff_actions_at"),
        ]

    def __str__(self) -> str:
        return f"{self.by} {self.what}"

    @classmethod
    def begun(cls, key: UUID, order_id: UUID, by: str, what: str) -> bool:
        """Record the action; False if it was recorded before. Waits for one that is under way."""
        _, is_new = cls.objects.get_or_create(
            key=key, defaults={"order_id": order_id, "by": by, "what": what}
        )
        return is_new


class BulkRun(models.Model):
    """An action that one of the staff runs on many orders."""

    id = models.UUIDField(primary_key=True)
    action = models.CharField(max_length=50)
    fields = models.JSONField(default=dict, help_text="what they said")
    by = models.CharField(max_length=150)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.by}: {self.action}"


class BulkRow(models.Model):
    """One order of a bulk run, or a part of one, with its result."""

    class State(models.TextChoices):
        WAITING = "waiting"
        DONE = "done"
        REFUSED = "refused"

    run = models.ForeignKey(BulkRun, models.CASCADE, related_name="rows")
    order_id = models.UUIDField()
    part = models.UUIDField(null=True, help_text="such as a return; empty: the whole order")
    number = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    message = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                "run", Coalesce("part", "order_id"), name="staff_bulk_row_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.state}"


class SavedFilter(models.Model):
    """The filters and sorting with which a person left an admin list."""

    person = models.IntegerField(help_text="an account's id; deleted with it")
    page = models.CharField(max_length=100, help_text="the path of its address")
    query = models.TextField(help_text="of its address")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "page"], name="staff_saved_filter")
        ]

    def __str__(self) -> str:
        return f"{self.page}?{self.query}"


class RefundLimit(models.Model):
    """How much of one order a role may refund. A role without a row may refund nothing."""

    role = models.CharField(max_length=150, unique=True, help_text="the group's name")
    amount = models.DecimalField(
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        help_text="of each order, all refunds by staff together; empty: everything",
    )

    class Meta:
        ordering = ["role"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount__gte=0), name="staff_refund_limit_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role}: {'everything' if self.amount is None else self.amount}"


def refund_limit(user: AbstractUser) -> Decimal | None:
    """Return how much of one order a user may refund, their roles' highest; None is no limit."""
    if user.is_superuser:
        return None
    roles = user.groups.values_list("name", flat=True)
    limits = list(RefundLimit.objects.filter(role__in=roles).values_list("amount", flat=True))
    if None in limits:
        return None
    return max((limit for limit in limits if limit is not None), default=Decimal(0))
