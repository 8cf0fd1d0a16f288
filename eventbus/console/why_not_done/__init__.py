"""Why a story is not done yet, in one sentence: what it waits for, since when, what releases it.

Read from the bus's own facts alone: what is open, what is paused, who is there to work, what is
scheduled, and what the code declares that can come.
"""

from eventbus.console.why_not_done.reason import Reason
from eventbus.console.why_not_done.standing import Standing, standing

__all__ = ["Reason", "Standing", "standing"]
