"""The tables of loyalty: accounts, the ledger of points, and what is known of each order."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any, NoReturn
from uuid import UUID

from django.conf import settings
from django.db import connection, models
from django.db.models import F, Q
from django.utils import timezone

from eventbus import Event, LockingManager, projection
from loyalty.errors import LedgerIsFinal


@projection
class Account(models.Model):
    """A customer's points: the sum of the entries, kept under lock."""

    customer_id = models.CharField(primary_key=True, max_length=100)
    balance = models.BigIntegerField(default=0, help_text="points")
    revision = models.IntegerField(default=0, help_text="rises with every entry")
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, help_text="when its owner was forgotten")

    objects = LockingManager["Account"]()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(balance__gte=0), name="account_never_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id}: {self.balance}"

    def close(self, at: datetime) -> None:
        """Take its owner away; the ledger stays, under an id that leads to nobody."""
        self.closed_at = self.closed_at or at

    def post_entry(
        self, kind: "PointsEntry.Kind", points: int, order_id: UUID, cause: Event
    ) -> "PointsEntry":
        """Take over points, above or below 0, for what an event told of an order.

        Returns the entry, to be saved by the caller.
        """
        self.balance += points
        self.revision += 1
        return PointsEntry(
            account=self,
            order_id=order_id,
            event_id=cause.id,
            at=cause.occurred_at,
            kind=kind,
            points=points,
            balance=self.balance,
            revision=self.revision,
        )


@projection
class PointsEntry(models.Model):
    """Points that an account gained or lost. Append-only."""

    class Kind(models.TextChoices):
        EARNED = "earned", "earned: paid with money"
        REVERSED = "reversed", "reversed: the money went back"
        REDEEMED = "redeemed", "redeemed: paid for an order"
        RETURNED = "returned", "returned: what they paid for went back"

    account = models.ForeignKey(
        Account, models.PROTECT, related_name="entries", db_column="customer_id", db_index=False
    )
    order_id = models.UUIDField(db_index=True)
    event_id = models.UUIDField(help_text="the event that gave rise to it")
    kind = models.CharField(max_length=8, choices=Kind)
    points = models.BigIntegerField(help_text="below 0 where points were taken")
    balance = models.BigIntegerField(help_text="the account's points after this")
    revision = models.IntegerField(help_text="number of the entry in its account")
    at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        verbose_name_plural = "points entries"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["account", "revision"], name="entry_numbered"),
            models.UniqueConstraint(fields=["event_id", "order_id", "kind"], name="entry_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["earned", "returned"], points__gt=0)
                | Q(kind__in=["reversed", "redeemed"], points__lt=0),
                name="entry_sign",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.points:+}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise LedgerIsFinal(str(self))
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise LedgerIsFinal(str(self))


OWING = """
    SELECT order_id FROM loyalty_orderpoints WHERE customer_id = ANY (%s::text[]) AND owed > 0
"""


class OrderPointsManager(LockingManager["OrderPoints"]):
    def owing(self, customer_ids: Iterable[str]) -> list[UUID]:
        """Return the orders of these customers that owe points."""
        if not (customers := list(customer_ids)):
            return []
        with connection.cursor() as cursor:
            cursor.execute(OWING, [customers])
            return [order_id for (order_id,) in cursor.fetchall()]


@projection
class OrderPoints(models.Model):
    """What is known of one order: the points it has brought so far, and those that paid for it.

    Points that should be taken back but have been spent meanwhile are `owed`: the
    next ones that the customer gains make up for them.
    """

    order_id = models.UUIDField(primary_key=True)
    customer_id = models.CharField(max_length=100, null=True)  # noqa: DJ001 - None is a guest
    billed = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    refunded = models.DecimalField(
        max_digits=14, decimal_places=2, default=Decimal(0), help_text="all refunds together"
    )
    refund_revision = models.PositiveIntegerField(
        default=0, db_default=0, help_text="of billing, for what was given back so far"
    )
    cancelled = models.BooleanField(default=False)
    points = models.BigIntegerField(default=0, help_text="brought so far")
    owed = models.BigIntegerField(
        default=0, help_text="of these, to be taken back but spent already"
    )
    redeemed = models.BigIntegerField(default=0, help_text="points that paid for it")
    spent_on_returns = models.BigIntegerField(
        default=0, help_text="of these, for goods that came back"
    )
    returned = models.BigIntegerField(default=0, help_text="of these, given back so far")
    created_at = models.DateTimeField(default=timezone.now)

    objects = OrderPointsManager()

    class Meta:
        verbose_name_plural = "order points"
        indexes = [
            models.Index(fields=["customer_id"], name="order_points_customer"),
            models.Index(fields=["created_at"], name="order_points_created"),
            models.Index(fields=["customer_id"], condition=Q(owed__gt=0), name="order_points_owed"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(points__gte=0), name="order_never_costs_points"),
            models.CheckConstraint(
                condition=Q(owed__gte=0, owed__lte=F("points")), name="order_owes_what_it_brought"
            ),
            models.CheckConstraint(
                condition=Q(returned__gte=0, returned__lte=F("redeemed")),
                name="order_returns_what_it_was_paid_with",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.points}"

    def bill(self, total: Decimal) -> None:
        """Note what was billed."""
        self.billed = total

    def refund(self, refunded_total: Decimal, revision: int) -> None:
        """Note everything given back so far; what is older than that changes nothing."""
        self.refund_revision, self.refunded = max(
            (self.refund_revision, self.refunded), (revision, refunded_total)
        )

    def cancel(self) -> None:
        """Note that the order will not be fulfilled."""
        self.cancelled = True

    def record_return(self, points: int) -> None:
        """Note the points that returned goods were paid with."""
        self.spent_on_returns += points

    @property
    def to_return(self) -> int:
        """The points that should have been given back by what is known."""
        return self.redeemed if self.cancelled else min(self.spent_on_returns, self.redeemed)

    @property
    def target(self) -> int:
        """The points the order should bring by what is known: whole units of money kept."""
        if self.customer_id is None or self.billed is None or self.cancelled:
            return 0
        kept = int(self.billed) - int(self.refunded)
        return max(int(kept * settings.POINTS_PER_UNIT), 0)
