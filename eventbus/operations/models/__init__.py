"""What the bus has seen of itself: workers, versions, figures, failures, promises."""

from eventbus.operations.models.health import (
    DeployedVersion,
    OverdueEpisode,
    RejectedMessage,
    WorkerHeartbeat,
)
from eventbus.operations.models.note import FailureNote
from eventbus.operations.models.service_level import ServiceLevel
from eventbus.operations.models.throughput import ThroughputMinute

__all__ = [
    "DeployedVersion",
    "FailureNote",
    "OverdueEpisode",
    "RejectedMessage",
    "ServiceLevel",
    "ThroughputMinute",
    "WorkerHeartbeat",
]
