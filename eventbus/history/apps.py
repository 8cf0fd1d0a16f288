"""History as a Django app."""

from eventbus import layers


class HistoryConfig(layers.LayerConfig):
    name = "eventbus.history"
    label = "eventbus_history"
    verbose_name = "event bus: history"

    def ready(self) -> None:
        super().ready()
        from eventbus.delivery import periodic
        from eventbus.history import partitions, redaction_job
        from eventbus.signals import database_ready, redaction_requested

        redaction_requested.connect(redaction_job.request)
        database_ready.connect(partitions.create_at_start)
        periodic.add("partitions", partitions.LOOK_EVERY, partitions.create_upcoming)
        periodic.add("redaction", redaction_job.LOOK_EVERY, redaction_job.run, needs_broker=True)
