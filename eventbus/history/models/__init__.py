"""Requested redactions, archived months, and backfills under way."""

from eventbus.history.models.archived import ArchivedMonth
from eventbus.history.models.backfill import Backfill
from eventbus.history.models.redaction import Redaction

__all__ = ["ArchivedMonth", "Backfill", "Redaction"]
