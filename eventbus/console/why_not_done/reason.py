"""Something that a story waits for."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from eventbus import clock

#: Of what is open, the most telling first; then what comes when nothing is.
OPEN = ("parked", "failed", "paused", "no worker", "unpublished", "outside", "waiting")
AHEAD = ("discarded", "person", "deadline")

#: What to do on a page of the console.
PLACES = {
    "delivery": "Look at it, and retry it",
    "paused": "Resume it",
    "workers": "See who works",
    "throughput": "See how far it is behind",
}


@dataclass(frozen=True)
class Reason:
    """Something that a story waits for.

    `what` has been so `since` when, and `why`; `release` says what it goes on by. `page` of the
    console is where one does something about it, `argument` what that is about. A reason that
    `leads` keeps the story from going on, any other only from being all done. `at`: when it comes.
    """

    kind: str
    what: str
    since: datetime
    why: str
    release: str
    page: str = ""
    argument: Any = None
    leads: bool = True
    at: datetime | None = None

    @property
    def sentence(self) -> str:
        return f"{self.what} since {moment(self.since)}, {self.why}; {self.release}"

    @property
    def link(self) -> str:
        """Return the address of its page; empty where nothing can be done on one."""
        if not self.page:
            return ""
        return reverse(f"console:{self.page}", args=[self.argument] if self.argument else [])

    @property
    def link_text(self) -> str:
        return PLACES.get(self.page, "")

    @property
    def telling(self) -> tuple[bool, bool, int, datetime]:
        """Return by what reasons are sorted, the most telling first."""
        rank = (*OPEN, *AHEAD).index(self.kind)
        return self.kind in AHEAD, not self.leads, rank, self.at or self.since

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {"kind": self.kind, "since": self.since, "sentence": self.sentence}


def moment(time: datetime) -> str:
    """Format a moment as people read it: the day only where that is another one."""
    local = clock.local(time)
    is_today = local.date() == clock.local(clock.now()).date()
    return f"{local:%H:%M:%S}" if is_today else f"{local:%Y-%m-%d %H:%M}"
