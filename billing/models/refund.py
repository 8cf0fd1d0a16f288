"""Money that goes back."""

from uuid import uuid4

from django.db import models
from django.utils import timezone
from django_fsm import FSMField, transition


class Refund(models.Model):
    """One giving back of money: reserved when opened, done when the processor did it.

    One that was made at the processor without us is done from the start, so is what the
    bank of a shopper who disputed the payment gave back.
    """

    class State(models.TextChoices):
        PENDING = "pending"
        DONE = "done"
        OVERTAKEN = "overtaken", "the money went back otherwise"
        FAILED = "failed", "the bank sent the money back"

    #: not undone
    LASTING = (State.PENDING, State.DONE)
    #: of refunds that somebody else made
    MADE_THERE, DISPUTED = "processor", "dispute"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    charge = models.ForeignKey("billing.Charge", models.PROTECT, related_name="refunds")
    reference = models.CharField(
        max_length=150,
        unique=True,
        help_text="cancel:<order>, return:<return>, reduced:<event>, staff:<id>, "
        "processor:<id>, dispute:<id>",
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
        return self.charge.refund_key(self.reference)

    @transition(state, source=State.PENDING, target=State.DONE)
    def finish(self, processor_reference: str) -> None:
        """Record that the processor gave the money back."""
        self.processor_reference, self.done_at = processor_reference, timezone.now()

    @transition(state, source=State.PENDING, target=State.OVERTAKEN)
    def overtake(self) -> None:
        """Record that the money, or a part of it, went back otherwise."""

    @transition(state, source=[State.PENDING, State.DONE], target=State.FAILED)
    def fail(self) -> None:
        """Record that the bank did not take the money: it is with us again."""
