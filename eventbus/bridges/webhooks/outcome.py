"""What came of one request to a receiver."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

GONE = 410


@dataclass(frozen=True)
class Outcome:
    """`status` is None where there was no answer; `error` says why it was not taken."""

    message_id: UUID
    at: datetime
    duration_ms: int
    status: int | None = None
    error: str = ""
    response: str = ""

    @property
    def is_taken(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_gone(self) -> bool:
        """Return whether the receiver says that it never wants anything more."""
        return self.status == GONE
