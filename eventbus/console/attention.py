"""The list of what needs an operator now, in one line each."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse

from eventbus import clock
from eventbus.console.models import Alert
from eventbus.delivery.models import Pause
from eventbus.operations import failures, overdue
from eventbus.operations.models import RejectedMessage
from eventbus.operations.worker_status import RELAY, missing, workers


@dataclass(frozen=True)
class AttentionItem:
    """What it is, and the page on which something is done about it."""

    message: str
    link: str


def attention_items() -> list[AttentionItem]:
    """Return everything that needs a person, the worst first."""
    return [*_alerts(), *_rejected(), *_failures(), *_overdue(), *_workers(), *_pauses()]


def _alerts() -> Iterator[AttentionItem]:
    for alert in Alert.objects.filter(ended_at=None).order_by("began_at"):
        yield AttentionItem(alert.message, reverse("console:alerts"))


def _rejected() -> Iterator[AttentionItem]:
    """Yield rejected messages of the last day: somebody else writes, or keys differ."""
    recent = RejectedMessage.objects.filter(last_at__gte=clock.now() - timedelta(days=1))
    for seen in recent.order_by("app", "reason"):
        message = f"Messages were rejected, {seen}"
        yield AttentionItem(
            message, reverse("admin:eventbus_operations_rejectedmessage_changelist")
        )


def _failures() -> Iterator[AttentionItem]:
    for group in failures.groups(failures.failed_or_parked()):
        what = " and ".join(
            f"{count} {state}"
            for count, state in ((group.parked, "parked"), (group.failed, "to be retried"))
            if count
        )
        message = f"{group.app}.{group.reaction or '?'} failed: {what}"
        address = reverse("console:group", args=[group.fingerprint])
        yield AttentionItem(message, address if group.fingerprint else reverse("console:failed"))


def _overdue() -> Iterator[AttentionItem]:
    for late in overdue.overdue_reactions():
        message = f"{late.app}.{late.reaction} has not answered {late.event_type} in time"
        yield AttentionItem(message, reverse("console:overdue"))


def _workers() -> Iterator[AttentionItem]:
    found = workers()
    for app in missing(found):
        what = "No relay is there: nothing is published" if app == RELAY else f"No worker of {app}"
        yield AttentionItem(what, reverse("console:workers"))
    for worker in found:
        if worker.state != "alive":
            why = f": {worker.seen.last_error}" if worker.state == "failing" else ""
            message = f"{worker.seen} is {worker.state}{why}"
            yield AttentionItem(message, reverse("console:workers"))


def _pauses() -> Iterator[AttentionItem]:
    for pause in Pause.objects.order_by("since"):
        yield AttentionItem(f"{pause}: {pause.reason}", reverse("console:paused"))
