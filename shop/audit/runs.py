"""The proof counter: what the last audit found, and asking for another one.

An audit reads every table whole, so it is made by a process of its own, which a relay starts
(`shop.audit.auditor`): not by who waits for a page, nor by a worker whose events would wait.
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

#: Events since the last audit that are counted while somebody waits for the page.
MOST = 5_000


class AuditUnderWay(Exception):
    """One has been asked for and is not finished: wait for it."""


@dataclass(frozen=True)
class Proof:
    """The last audit, the one under way, and what is known by now without one."""

    last: AuditRun | None
    under_way: AuditRun | None
    stated: int
    #: whether more were stated than is counted here
    stated_more: bool
    handled: int
    waiting: int
    parked: int


def proof() -> Proof:
    """Cheap: what was stated since the last audit is counted, and what is open."""
    last = AuditRun.last()
    waiting = metrics.backlogs()
    first = first_id(last.asked_at) if last else UUID(int=0)
    since = OutboxEvent.objects.filter(id__gte=first).order_by("id")[: MOST + 1].count()
    return Proof(
        last,
        AuditRun.objects.filter(finished_at=None).first(),
        (last.stated if last else 0) + min(since, MOST),
        since > MOST,
        metrics.reactions_done(),
        sum(each.waiting + each.failed for each in waiting),
        sum(each.parked for each in waiting),
    )


@emits(AuditRequested)
def ask_for_audit(by: str) -> AuditRun:
    """Have every promise checked. Raises `AuditUnderWay`."""
    try:
        with transaction.atomic():
            run = AuditRun.objects.create(by=by)
            emit(AuditRequested(run_id=run.id, by=by))
    except IntegrityError as error:
        raise AuditUnderWay("an audit is under way already") from error
    return run


def audit_in_time() -> None:
    """Ask for an audit when the last one is `AUDIT_EVERY` old; of a new shop, at that age."""
    if not settings.AUDIT_EVERY:
        return
    last = AuditRun.objects.order_by("-asked_at").values_list("asked_at", flat=True).first()
    began = OutboxEvent.objects.order_by("id").values_list("occurred_at", flat=True).first()
    since = last or began
    if since and since < timezone.now() - settings.AUDIT_EVERY:
        try:
            ask_for_audit("the clock")
        except AuditUnderWay:
            return
