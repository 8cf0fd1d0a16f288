"""What an app has promised: how soon it reacts, and how often it may be later."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from eventbus.operations.units import spell_duration, spell_percent


class ServiceLevel(models.Model):
    """How soon an app is to have reacted, and of what share of events: its latency budget.

    Apps without a row have what the settings say: see `operations.service_levels`.
    """

    app = models.CharField(max_length=50, primary_key=True)
    latency = models.DurationField(help_text="from emitted to done")
    share = models.FloatField(help_text="of all reactions, that are to be done within it")
    by = models.CharField(max_length=150)
    reason = models.CharField(max_length=500)
    since = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(share__gt=0, share__lt=1), name="eventbus_level_share"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.app}: {self.promise}"

    @property
    def promise(self) -> str:
        """Return the level in words: `99 % within 5 s`."""
        return f"{spell_percent(self.share)} within {spell_duration(self.latency_ms)}"

    @property
    def latency_ms(self) -> float:
        """Return the latency in milliseconds."""
        return self.latency.total_seconds() * 1000

    @property
    def may_be_late(self) -> float:
        """Return the share of all reactions that may take longer."""
        return round(1 - self.share, 9)

    @property
    def is_default(self) -> bool:
        """Return whether nobody has set it: it is that of the settings."""
        return self._state.adding
