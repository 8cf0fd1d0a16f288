"""The list of what needs an operator now, in one line each.

All of it is compared with what is so now: an alert whose cause is mended is no line, although it
stays open for a while, in case it comes again.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from operator import attrgetter

from django.urls import reverse

from eventbus import registry
from eventbus.conf import conf
from eventbus.console.alerts.evaluation import EVALUATE_EVERY, ITSELF
from eventbus.console.alerts.rules import count, in_words
from eventbus.console.now.snapshot import Snapshot
from eventbus.operations.worker_status import RELAY

#: Rules whose alerts are no lines, for a line here says what is so now.
SEEN_HERE = frozenset(
    (
        *("queue age", "failure rate", "failing worker", "parked"),
        *("outbox lag", "unknown events", "overdue reactions", "wrong clock"),
    )
)
#: An alert that the last evaluations have not found is over.
FOUND_WITHIN = timedelta(seconds=2 * EVALUATE_EVERY)


@dataclass(frozen=True)
class AttentionItem:
    """What it is, and the page on which something is done about it."""

    message: str
    link: str


def attention_items(now: Snapshot) -> list[AttentionItem]:
    """Return everything that needs a person, the worst first."""
    parts = (_alerts, _unpublished, _rejected, _failures, _overdue, _old, _workers, _pauses)
    return [item for part in parts for item in part(now)]


def _alerts(now: Snapshot) -> Iterator[AttentionItem]:
    for alert in now.alerts:
        is_seen_here = alert.rule in SEEN_HERE and alert.about != ITSELF
        if not is_seen_here and now.at - alert.seen_at < FOUND_WITHIN:
            yield AttentionItem(alert.message, reverse("console:alerts"))


def _unpublished(now: Snapshot) -> Iterator[AttentionItem]:
    """Yield what relays are behind with, and what no code here knows."""
    late = [each for each in now.unpublished if now.at - each.oldest > conf.ALERT_OUTBOX_AGE]
    known = set(registry.event_types())
    if behind := [each for each in late if each.type in known]:
        many = count(sum(each.count for each in behind), "event is", "events are")
        age = in_words(now.at - min(each.oldest for each in behind))
        message = f"{many} not published, the oldest for {age}"
        yield AttentionItem(message, reverse("console:throughput"))
    for each in late:
        if each.type not in known:
            many = count(each.count, "event waits", "events wait")
            message = f"{many} for code that knows {each.type}"
            yield AttentionItem(message, reverse("console:throughput"))


def _rejected(now: Snapshot) -> Iterator[AttentionItem]:
    """Yield rejected messages of the last day: somebody else writes, or keys differ."""
    page = reverse("admin:eventbus_operations_rejectedmessage_changelist")
    for seen in now.raw["rejected"]:
        message = f"Messages were rejected, {seen['count']} for {seen['app']}: {seen['reason']}"
        yield AttentionItem(message, page)


def _failures(now: Snapshot) -> Iterator[AttentionItem]:
    for group in now.troubles:
        what = " and ".join(
            f"{count} {state}"
            for count, state in ((group.parked, "parked"), (group.failed, "to be retried"))
            if count
        )
        message = f"{group.app}.{group.reaction or '?'} failed: {what}"
        address = group.fingerprint and reverse("console:group", args=[group.fingerprint])
        yield AttentionItem(message, address or reverse("console:failed"))


def _overdue(now: Snapshot) -> Iterator[AttentionItem]:
    """Yield a line for each app: when its worker is off, all of its reactions are late."""
    for app, found in groupby(now.overdue, attrgetter("app")):
        late, *more = found
        message = f"{app}.{late.reaction} has not answered {late.event_type} in time"
        if more:
            message += f", nor have {count(len(more), 'other', 'others')} of {app}"
        yield AttentionItem(message, reverse("console:overdue"))


def _old(now: Snapshot) -> Iterator[AttentionItem]:
    for app in now.apps:
        age = now.at - app.oldest if app.oldest else timedelta()
        if age > conf.ALERT_QUEUE_AGE and not app.is_paused:
            many = count(app.waiting + app.failed, "event waits", "events wait")
            message = f"{app.name}: {many}, the oldest for {in_words(age)}"
            yield AttentionItem(message, reverse("console:workers"))


def _workers(now: Snapshot) -> Iterator[AttentionItem]:
    page = reverse("console:workers")
    for app in now.missing:
        what = "No relay is there: nothing is published" if app == RELAY else f"No worker of {app}"
        yield AttentionItem(what, page)
    for worker in now.workers:
        if worker.state != "alive":
            why = f": {worker.seen.last_error}" if worker.state == "failing" else ""
            yield AttentionItem(f"{worker.seen} is {worker.state}{why}", page)
        if worker.clock and worker.state != "lost":
            yield AttentionItem(f"the clock of {worker.seen} is {worker.clock}", page)


def _pauses(now: Snapshot) -> Iterator[AttentionItem]:
    for pause in now.pauses:
        message = f"{pause.name}, paused by {pause.by}: {pause.reason}"
        yield AttentionItem(message, reverse("console:paused"))
