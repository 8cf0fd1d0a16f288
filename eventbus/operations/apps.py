"""The Django app of what operators need."""

from eventbus import layers
from eventbus.conf import conf


class OperationsConfig(layers.LayerConfig):
    name = "eventbus.operations"
    label = "eventbus_operations"
    verbose_name = "event bus: operations"

    def ready(self) -> None:
        super().ready()
        from eventbus.delivery import periodic
        from eventbus.operations import heartbeat, overdue, rejected, throughput
        from eventbus.signals import (
            message_rejected,
            process_ready,
            process_starting,
            process_stopping,
        )

        process_starting.connect(_start_tracing)
        process_ready.connect(heartbeat.start)
        process_stopping.connect(heartbeat.stop)
        message_rejected.connect(rejected.count)
        periodic.add("overdue", overdue.LOOK_EVERY, overdue.notify_overdue)
        periodic.add("throughput", throughput.COUNT_EVERY, throughput.aggregate, needs_broker=True)
        periodic.add(
            "old throughput", throughput.MERGE_EVERY, throughput.downsample, needs_broker=True
        )


def _start_tracing(name: str, **_: object) -> None:
    # The libraries of tracing take their time to import.
    if conf.OTLP_ENDPOINT:
        from eventbus.operations import tracing

        tracing.start(name)
