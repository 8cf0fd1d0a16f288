"""What billing knows of an order: what was ordered, and what decides about its money."""

from datetime import datetime
from decimal import Decimal

from django.db import models

from eventbus import now
from orders.events import Card, OrderPlaced


class OrderFacts(models.Model):
    """What is known of an order so far. Facts come in any order."""

    order_id = models.UUIDField(primary_key=True)
    placed_at = models.DateTimeField(null=True, help_text="empty until OrderPlaced was seen")
    expires_at = models.DateTimeField(null=True, help_text="when the order is given up")
    number = models.CharField(max_length=50, blank=True)
    customer_id = models.CharField(max_length=100, blank=True, help_text="empty for a guest")
    email = models.CharField(max_length=254, blank=True)
    amount = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))
    currency = models.CharField(max_length=3, blank=True)
    card_token = models.CharField(max_length=100, blank=True)
    card_last4 = models.CharField(max_length=4, blank=True)
    points = models.PositiveBigIntegerField(default=0, help_text="that pay a part of the order")
    ships = models.BooleanField(default=True, db_default=True, help_text="whether goods are sent")

    stock_reserved = models.BooleanField(default=False)
    cleared = models.BooleanField(default=False)
    points_redeemed = models.BooleanField(default=False)
    points_rejected = models.BooleanField(default=False)
    stock_rejected = models.BooleanField(default=False)
    fraud_refused = models.BooleanField(default=False)
    cancellation = models.CharField(
        max_length=20, blank=True, help_text="why the order was cancelled; empty: it was not"
    )
    keeps_money = models.BooleanField(
        default=False,
        db_default=False,
        help_text="staff cancelled the order without giving its money back",
    )
    erased_at = models.DateTimeField(null=True, help_text="when its shopper was forgotten")

    class Meta:
        abstract = True

    def place(self, order: OrderPlaced) -> None:
        """Note what was ordered, once: another card may have been given since."""
        if self.placed_at is not None:
            return
        self.placed_at, self.expires_at = order.placed_at, order.expires_at
        self.number, self.email = order.number, order.email
        self.customer_id = order.customer_id or ""
        self.amount, self.currency = order.total, order.currency
        self.points = order.points
        self.ships = any(line.requires_shipping for line in order.lines)
        self.use(order.card)

    def use(self, card: Card | None) -> None:
        """Ask this card; without one the processor's own page asks for it."""
        self.card_token = card.token if card else ""
        self.card_last4 = card.last4 if card else ""

    def forget(self, at: datetime) -> None:
        """Keep nothing of who paid but an id that leads to nobody."""
        self.erased_at = at
        self.email = self.card_token = self.card_last4 = ""

    @property
    def stopped(self) -> bool:
        """Return whether something was seen after which no money may be taken."""
        return (
            bool(self.cancellation)
            or self.stock_rejected
            or self.points_rejected
            or self.fraud_refused
        )

    @property
    def expired(self) -> bool:
        """Return whether the order has been given up, though we may not have heard of it yet.

        A worker that was off for days then takes no money that it would only give back.
        """
        return self.expires_at is not None and self.expires_at <= now()
