"""Requested redactions, and archived months."""

from eventbus.history.models.archived import ArchivedMonth
from eventbus.history.models.redaction import Redaction

__all__ = ["ArchivedMonth", "Redaction"]
