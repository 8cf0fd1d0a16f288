"""What the bus has seen of itself: workers, versions, figures, failures, overdue reactions."""

from eventbus.operations.models.figures import Minute
from eventbus.operations.models.note import FailureNote
from eventbus.operations.models.watching import Overdue, RejectedMessage, VersionSeen, WorkerSeen

__all__ = ["FailureNote", "Minute", "Overdue", "RejectedMessage", "VersionSeen", "WorkerSeen"]
