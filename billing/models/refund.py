"""Money that goes back."""

from uuid import uuid4

from django.db import models
from django.utils import timezone
from django_fsm import FSMField, transition


class Refund(models.Model):
    """One giving back of money: promised when opened, done when the processor did it."""

    class State(models.TextChoices):
        PENDING = "pending"
        DONE = "done"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    charge = models.ForeignKey("billing.Charge", models.PROTECT, related_name="refunds")
    reference = models.CharField(
        max_length=150,
        unique=True,
        help_text="cancel:<order>, return:<return>, reduced:<event>, staff:<id>",
    )
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    reason = models.CharField(max_length=200)
    state = FSMField(choices=State.choices, default=State.PENDING, protected=True)
    processor_reference = models.CharField(max_length=100, blank=True)
    opened_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["opened_at"],
                condition=models.Q(state="pending"),
                name="billing_refund_pending",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="billing_refund_of_some"),
        ]

    def __str__(self) -> str:
        return f"{self.reference}: {self.amount}"

    @property
    def key(self) -> str:
        """Our name for it at the processor."""
        return f"{self.charge_id}:refund:{self.reference}"

    @transition(state, source=State.PENDING, target=State.DONE)
    def finish(self, processor_reference: str) -> None:
        """The processor gave the money back."""
        self.processor_reference, self.done_at = processor_reference, timezone.now()
