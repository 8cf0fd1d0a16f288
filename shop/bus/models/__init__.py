"""What the bus keeps: every event ever stated, what became of each reaction to it, and more."""

from shop.bus.models.archived import ArchivedMonth
from shop.bus.models.delivery import Delivery
from shop.bus.models.figures import Minute
from shop.bus.models.operating import FailureNote, Intervention, Pause
from shop.bus.models.outbox import OutboxEvent
from shop.bus.models.redaction import Redaction
from shop.bus.models.watching import Overdue, StrangeMessage, VersionSeen, WorkerSeen

__all__ = [
    "ArchivedMonth",
    "Delivery",
    "FailureNote",
    "Intervention",
    "Minute",
    "OutboxEvent",
    "Overdue",
    "Pause",
    "Redaction",
    "StrangeMessage",
    "VersionSeen",
    "WorkerSeen",
]
