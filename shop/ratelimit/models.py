"""The counters behind the rate limits."""

from django.db import models


class RateCounter(models.Model):
    """Requests of one client under one rule since the window began.

    The table is unlogged: a crash of the database empties it, and no shopper waits for a write
    to the disk.
    """

    rule = models.CharField(max_length=30)
    who = models.CharField(max_length=64, help_text="digest of an address or name")
    count = models.PositiveIntegerField()
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name_plural = "rate counters"
        constraints = [models.UniqueConstraint(fields=["rule", "who"], name="ratelimit_counter")]

    def __str__(self) -> str:
        return f"{self.rule}: {self.count} until {self.ends_at}"
