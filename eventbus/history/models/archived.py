"""Months of history that are no longer in the database."""

from django.db import models
from django.db.models.functions import Now


class ArchivedMonth(models.Model):
    """A month whose events and deliveries have gone into a file."""

    name = models.CharField(max_length=10, primary_key=True)
    since = models.DateTimeField(null=True)
    until = models.DateTimeField(help_text="its events occurred before this")
    events = models.PositiveBigIntegerField()
    deliveries = models.PositiveBigIntegerField()
    file = models.TextField()
    sha256 = models.CharField(max_length=64, help_text="of what is in the file, uncompressed")
    at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.name}: {self.events} events in {self.file}"
