"""What is asked of history: to forget, and to be archived."""

from eventbus.history.models.archived import ArchivedMonth
from eventbus.history.models.redaction import Redaction

__all__ = ["ArchivedMonth", "Redaction"]
