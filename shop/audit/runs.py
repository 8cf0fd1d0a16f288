"""The last audit, and requests for another one.

An audit reads whole tables, so it runs in a process of its own, which a relay starts
(`shop.audit.auditor`): neither a page nor a worker's events wait for it.
"""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from eventbus import emit, emits
from eventbus.delivery.models import OutboxEvent
from eventbus.history.partitions import first_id
from eventbus.operations import metrics
from shop.audit.models import AuditRun
from shop.events import AuditRequested

#: Events since the last audit that are counted for the page, so that it stays quick.
MAX_COUNTED = 5_000


class AuditUnderWay(Exception):
    """An audit was requested and is not finished: wait for it."""


@dataclass(frozen=True)
class AuditSummary:
    """The last audit, the one under way, and cheap current figures."""

    last: AuditRun | None
    under_way: AuditRun | None
    events: int
    #: whether there are more events than were counted
    more_events: bool
    handled: int
    waiting: int
    parked: int


def summary() -> AuditSummary:
    """Return the figures of the console's panel; it counts events since the last audit only."""
    last = AuditRun.last()
    waiting = metrics.backlogs()
    first = first_id(last.requested_at) if last else UUID(int=0)
    since = OutboxEvent.objects.filter(id__gte=first).order_by("id")[: MAX_COUNTED + 1].count()
    return AuditSummary(
        last,
        AuditRun.objects.filter(finished_at=None).first(),
        (last.events if last else 0) + min(since, MAX_COUNTED),
        since > MAX_COUNTED,
        metrics.reactions_done(),
        sum(each.waiting + each.failed for each in waiting),
        sum(each.parked for each in waiting),
    )


@emits(AuditRequested)
def request_audit(by: str) -> AuditRun:
    """Request an audit. Raises `AuditUnderWay`."""
    try:
        with transaction.atomic():
            run = AuditRun.objects.create(by=by)
            emit(AuditRequested(run_id=run.id, by=by))
    except IntegrityError as error:
        raise AuditUnderWay("an audit is under way already") from error
    return run


def request_due_audit() -> None:
    """Request an audit if the last one, or a new shop's first event, is `AUDIT_EVERY` old."""
    if not settings.AUDIT_EVERY:
        return
    last = AuditRun.objects.order_by("-requested_at").values_list("requested_at", flat=True).first()
    began = OutboxEvent.objects.order_by("id").values_list("occurred_at", flat=True).first()
    since = last or began
    if since and since < timezone.now() - settings.AUDIT_EVERY:
        try:
            request_audit("the clock")
        except AuditUnderWay:
            return
