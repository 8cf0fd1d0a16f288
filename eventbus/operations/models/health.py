"""Signs of life: workers, versions, reactions that are overdue."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now


class WorkerHeartbeat(models.Model):
    """The last sign of life of a worker process."""

    app = models.CharField(max_length=50)
    host = models.CharField(max_length=255)
    pid = models.PositiveIntegerField()
    node = models.CharField(
        max_length=400, blank=True, db_default="", help_text="its name in Celery, if it is of it"
    )
    version = models.CharField(max_length=100)
    concurrency = models.PositiveSmallIntegerField()
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    handled = models.PositiveBigIntegerField(help_text="messages finished since it started")
    handled_at = models.DateTimeField(help_text="when `handled` was last seen to grow")
    running = ArrayField(models.CharField(max_length=100), help_text="event types, now")
    memory = models.PositiveBigIntegerField(help_text="bytes, its children included")
    failing_since = models.DateTimeField(null=True, help_text="when it last could do nothing")
    last_error = models.TextField(blank=True, db_default="", help_text="why it can do nothing")
    clock_ahead = models.FloatField(
        db_default=0.0, help_text="seconds that its host's clock is before the database's"
    )

    class Meta:
        verbose_name_plural = "worker heartbeats"
        constraints = [
            models.UniqueConstraint(fields=["app", "host", "pid"], name="eventbus_worker_once"),
        ]

    def __str__(self) -> str:
        return f"{self.app}@{self.host}, process {self.pid}"


class DeployedVersion(models.Model):
    """When an app's workers first ran a version of the code."""

    app = models.CharField(max_length=50)
    version = models.CharField(max_length=100)
    since = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name_plural = "deployed versions"
        constraints = [
            models.UniqueConstraint(fields=["app", "version"], name="eventbus_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.app} {self.version}"


class OverdueEpisode(models.Model):
    """A reaction that has not answered in time: one row per episode, gone when it is over."""

    app = models.CharField(max_length=50)
    reaction = models.CharField(max_length=100)
    event_id = models.UUIDField(help_text="the event that has waited longest")
    waiting_since = models.DateTimeField()
    notified_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name_plural = "overdue episodes"
        constraints = [
            models.UniqueConstraint(fields=["app", "reaction"], name="eventbus_overdue_once"),
        ]

    def __str__(self) -> str:
        return f"{self.app}.{self.reaction} since {self.waiting_since}"


class RejectedMessage(models.Model):
    """What came to an app's queue and was no message of ours: counted, by why it was refused."""

    app = models.CharField(max_length=50)
    reason = models.CharField(max_length=200)
    count = models.PositiveBigIntegerField(default=0)
    last_task = models.CharField(max_length=100, blank=True, help_text="the event the last named")
    first_at = models.DateTimeField(db_default=Now())
    last_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["app", "reason"], name="eventbus_rejected_once"),
        ]

    def __str__(self) -> str:
        return f"{self.count} for {self.app}: {self.reason}"
