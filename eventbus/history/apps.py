"""History as a Django app."""

from django.apps import AppConfig


class HistoryConfig(AppConfig):
    name = "eventbus.history"
    label = "eventbus_history"
    verbose_name = "event bus: history"

    def ready(self) -> None:
        from eventbus.delivery import periodic
        from eventbus.history import partitions, redaction_job
        from eventbus.signals import database_ready, redaction_requested

        redaction_requested.connect(redaction_job.request)
        database_ready.connect(partitions.make_at_start)
        periodic.add("partitions", partitions.LOOK_EVERY, partitions.make_ahead)
        periodic.add("redaction", redaction_job.LOOK_EVERY, redaction_job.run, needs_broker=True)
