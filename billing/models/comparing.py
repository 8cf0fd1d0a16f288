"""What came of comparing the processor's books with ours."""

from django.db import models
from django.db.models import F
from django.utils import timezone


class Reconciliation(models.Model):
    """One day's comparison, made some payments at a time."""

    day = models.DateField(primary_key=True, help_text="UTC")
    compared = models.PositiveIntegerField(default=0, help_text="payments")
    differing = models.PositiveIntegerField(default=0, help_text="of them, at that time")
    begun_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.day)

    def add(self, compared: int, differing: int, *, is_last: bool) -> None:
        """Count a slice."""
        self.compared = F("compared") + compared
        self.differing = F("differing") + differing
        if is_last:
            self.ended_at = timezone.now()
        self.save()


class Difference(models.Model):
    """One way in which a payment at the processor is not what we have it for."""

    class Kind(models.TextChoices):
        KEPT = "kept", "another amount is kept there"
        DISPUTED = "disputed", "a dispute there is not known here"
        LAPSED = "lapsed", "nothing is held there any more"
        UNKNOWN = "unknown", "money there that is of no payment here"

    authorization = models.CharField(max_length=100)
    charge = models.ForeignKey("billing.Charge", models.PROTECT, related_name="differences")
    kind = models.CharField(max_length=10, choices=Kind)
    ours = models.DecimalField(max_digits=14, decimal_places=2, help_text="taken less given back")
    theirs = models.DecimalField(max_digits=14, decimal_places=2, help_text="likewise there")
    found_at = models.DateTimeField(default=timezone.now)
    seen_on = models.DateField(help_text="when it was last compared")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["authorization"],
                condition=models.Q(settled_at=None),
                name="billing_difference_open_once",
            ),
        ]
        indexes = [models.Index(fields=["settled_at"], name="billing_difference_settled")]

    def __str__(self) -> str:
        return f"{self.authorization}: {self.kind}"

    @staticmethod
    def open() -> "models.QuerySet[Difference]":
        """Select those that nobody has settled."""
        return Difference.objects.filter(settled_at=None)
