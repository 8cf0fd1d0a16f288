"""Rebuild: projections of an app are made anew from history beside the live ones, and swapped in.

What the app has reacted to is repeated in the order in which it did, to empty tables of the same
form in a schema of their own. What is live goes on meanwhile. In the end its tables are locked for
a moment: what came last is repeated as well, and the rows take the place of the live ones in that
one transaction. Nothing is emitted and nobody is called: all that is in history.
"""

from eventbus.history.rebuild.rebuilding import Rebuild, TableRows
from eventbus.history.rebuild.redacted_fields import HistoryIncomplete
from eventbus.history.rebuild.repeating import NotAProjection

__all__ = ["HistoryIncomplete", "NotAProjection", "Rebuild", "TableRows"]
