"""What Stripe let us know: facts to react to, each once."""

from django.db import models
from django.utils import timezone


class StripeNotice(models.Model):
    """One signed message of Stripe's, or a shopper's return from its page."""

    event_id = models.CharField(primary_key=True, max_length=255)
    kind = models.CharField(max_length=100)
    order_id = models.UUIDField(db_index=True)
    key = models.CharField(
        max_length=200, blank=True, db_index=True, help_text="our name for the hold"
    )
    reference = models.CharField(
        max_length=255, help_text="the Checkout Session or payment it is about"
    )
    received_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.kind} {self.event_id}"
