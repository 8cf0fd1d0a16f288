"""The answers to idempotent requests, by their keys."""

from django.db import models
from django.utils import timezone


class IdempotencyKey(models.Model):
    """A key that a caller made up for one request, and its answer, once there is one."""

    owner = models.CharField(
        max_length=50, blank=True, help_text="customer, a guest's cart, or an order"
    )
    key = models.CharField(max_length=255)
    request = models.CharField(max_length=64, help_text="digest of what was asked")
    answer = models.JSONField(null=True, help_text="empty: being found")
    made_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "key"], name="api_key_once_per_owner"),
        ]

    def __str__(self) -> str:
        return f"{self.owner}: {self.key}"
