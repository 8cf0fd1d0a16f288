"""An order on hold: it is not shipped until staff release it."""

from typing import Any

from django.db import models
from django.utils import timezone

from orders.errors import CannotHold
from orders.models.state import State


class Hold(models.Model):
    """The columns of an order that say whether it is on hold."""

    #: of the order itself
    state: Any

    held_at = models.DateTimeField(null=True, help_text="empty: it is not on hold")
    held_by = models.CharField(max_length=150, blank=True, db_default="")
    hold_reason = models.CharField(max_length=200, blank=True, db_default="")
    hold_revision = models.PositiveIntegerField(
        default=0, db_default=0, help_text="holds and releases so far"
    )

    class Meta:
        abstract = True

    def hold(self, by: str, reason: str) -> None:
        """Keep it from being shipped. Raises `CannotHold`."""
        if self.held_at:
            raise CannotHold(f"{self} is on hold already")
        if self.state not in (State.PLACED, State.PAID):
            raise CannotHold(f"{self} is {self.state}: there is nothing to hold")
        self.held_at, self.held_by, self.hold_reason = timezone.now(), by, reason
        self.hold_revision += 1

    def release(self) -> None:
        """End the hold. Raises `CannotHold`."""
        if not self.held_at:
            raise CannotHold(f"{self} is not on hold")
        self.held_at, self.held_by, self.hold_reason = None, "", ""
        self.hold_revision += 1
