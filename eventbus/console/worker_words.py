"""What the states of workers mean, and what to do about each."""

from collections import Counter
from dataclasses import dataclass

from eventbus.operations.worker_status import RELAY, Worker

#: By state: the word on the pages, and what to do.
WORDS = {
    "alive": ("ok", ""),
    "stalled": (
        "stalled",
        "It is alive and finishes nothing while events wait for it: restart it.",
    ),
    "failing": (
        "failing",
        "It fails at all it tries: mend what the error names; it goes on by itself.",
    ),
    "lost": (
        "lost",
        "It is silent and was not stopped: see whether its host is up. Its events are sent again.",
    ),
}


@dataclass(frozen=True)
class WorkerRow:
    """A worker as its page shows it; without one, an app that has none."""

    app: str
    state: str
    advice: str
    worker: Worker | None = None

    @property
    def running(self) -> str:
        """Return what it runs now, by type of event: `catalogue.VariantListed ×36`."""
        counts = Counter(self.worker.seen.running if self.worker else ())
        return ", ".join(
            f"{type} ×{many}" if many > 1 else type for type, many in sorted(counts.items())
        )


def worker_rows(workers: list[Worker], missing: list[str]) -> list[WorkerRow]:
    """Return every worker, and a row for each app without one; what needs a person first."""
    rows = [WorkerRow(app, "missing", _start(app)) for app in missing]
    rows += [WorkerRow(each.seen.app, *WORDS[each.state], each) for each in workers]
    return sorted(rows, key=lambda row: (row.state == "ok", row.app))


def _start(app: str) -> str:
    if app == RELAY:
        return "Nothing is published. Start one: manage.py relay"
    return f"Its events wait. Start one: celery -A {app} worker"
