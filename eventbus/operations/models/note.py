"""Notes on failures."""

from django.db import models
from django.db.models.functions import Now


class FailureNote(models.Model):
    """A note on failures that are alike, and who looks after them.

    It outlives them: what fails alike months later has it again.
    """

    fingerprint = models.CharField(max_length=16, primary_key=True)
    app = models.CharField(max_length=50)
    reaction = models.CharField(max_length=100, blank=True)
    error = models.TextField(blank=True, help_text="the error's first line, without personal data")
    note = models.TextField(blank=True)
    owner = models.CharField(max_length=150, blank=True)
    by = models.CharField(max_length=150)
    at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.fingerprint}: {self.note}"
