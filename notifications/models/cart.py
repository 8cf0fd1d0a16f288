"""The carts that may need a reminder."""

from django.db import models
from django.utils import timezone

from eventbus import LockingManager
from notifications.reaching import can_reach
from shop.events import CartUpdated


class WatchedCart(models.Model):
    """The newest state of a cart, and whether it became an order."""

    cart_id = models.UUIDField(primary_key=True)
    revision = models.IntegerField(default=-1, help_text="of the newest state seen")
    email = models.CharField(max_length=254, blank=True)
    lines = models.JSONField(default=list)
    more = models.PositiveIntegerField(default=0, db_default=0, help_text="lines beyond these")
    total = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    currency = models.CharField(max_length=3, blank=True)
    changed_at = models.DateTimeField(default=timezone.now)
    ordered_at = models.DateTimeField(null=True)
    reminded = models.IntegerField(null=True, help_text="revision a reminder was written for")

    objects = LockingManager["WatchedCart"]()

    class Meta:
        ordering = ["-changed_at"]
        indexes = [models.Index(fields=["changed_at"], name="notifications_cart_changed")]

    def __str__(self) -> str:
        return str(self.cart_id)

    def take(self, state: CartUpdated) -> bool:
        """Keep a state if it is the newest; whether it starts the clock of a reminder."""
        if state.revision <= self.revision:
            return False
        self.revision, self.changed_at = state.revision, state.occurred_at
        self.email = state.email if state.email and can_reach(state.email) else ""
        self.total, self.currency = state.total, state.currency
        self.more = state.more
        self.lines = [line.model_dump(mode="json") for line in state.lines]
        return bool(self.lines and self.email and not self.ordered_at)

    def remind(self, revision: int) -> bool:
        """Return whether this state of the cart was left alone: nothing newer, nothing ordered.

        What was decided once stays, so that a reminder half sent is finished.
        """
        if revision == self.revision and not self.ordered_at:
            self.reminded = revision
        return revision == self.reminded
