"""How much was done when: counted once, so that nobody counts millions of rows again."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class ThroughputMinute(models.Model):
    """What an app did in one minute: all of it, and by reaction and type of event.

    Where `event_type` is empty, the row counts all that the app did; where `app` is empty, how
    many events of the type were emitted.
    """

    minute = models.DateTimeField(help_text="its beginning")
    app = models.CharField(max_length=50)
    reaction = models.CharField(max_length=100, blank=True)
    event_type = models.CharField(max_length=100, blank=True)
    done = models.PositiveIntegerField()
    attempts = models.PositiveIntegerField(help_text="what is above `done` failed first")
    latency_histogram = ArrayField(
        models.PositiveIntegerField(),
        help_text="how many took how long, see eventbus.operations.metrics",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["minute", "app", "reaction", "event_type"], name="eventbus_minute_once"
            ),
        ]
        indexes = [models.Index(fields=["event_type", "minute"], name="eventbus_minute_type")]

    def __str__(self) -> str:
        return f"{self.app}.{self.reaction} {self.minute:%H:%M}: {self.done}"
