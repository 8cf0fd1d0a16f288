"""The sandbox carrier's own books: nothing of ours refers to them."""

from django.db import models
from django.utils import timezone


class SandboxParcel(models.Model):
    """A parcel the sandbox carrier took: one for each reference, however often it is offered."""

    reference = models.UUIDField(primary_key=True, help_text="ours")
    tracking_number = models.CharField(max_length=50, unique=True)
    label = models.JSONField(help_text="to or from where, and the lines")
    taken_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.tracking_number
