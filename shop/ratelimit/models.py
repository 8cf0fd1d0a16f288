"""What is counted of visitors, for as long as it counts."""

from django.db import models


class Tries(models.Model):
    """How often one visitor did one thing since a window of time began.

    The table is unlogged: a crash of the database empties it, and no count is worth a
    write to the disk that a shopper waits for.
    """

    rule = models.CharField(max_length=30)
    who = models.CharField(max_length=64, help_text="digest of an address or name")
    count = models.PositiveIntegerField()
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name_plural = "tries"
        constraints = [models.UniqueConstraint(fields=["rule", "who"], name="ratelimit_tries_once")]

    def __str__(self) -> str:
        return f"{self.rule}: {self.count} until {self.ends_at}"
