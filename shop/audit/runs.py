"""Requests for audits.

An audit reads whole tables, so it runs in a process of its own, which a relay starts
(`shop.audit.auditor`): neither a page nor a worker's events wait for it.
"""

from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from eventbus import emit, emits
from eventbus.delivery.models import OutboxEvent
from eventbus.history.partitions import first_id
from shop.audit.models import AuditRun
from shop.events import AuditRequested

#: A history whose audit is quick is audited as often as this, a longer one so that audits take no
#: more than one part in so many of the time.
OFTEN = timedelta(minutes=1)
SPARED = 30


class AuditUnderWay(Exception):
    """An audit was requested and is not finished: wait for it."""


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
    """Request an audit if one is due: the first with the first events, then every `AUDIT_EVERY`.

    Earlier, where something has happened since the last one and that was quick.
    """
    if not settings.AUDIT_EVERY or not _is_due():
        return
    try:
        request_audit("the clock")
    except AuditUnderWay:
        return


def _is_due() -> bool:
    last = AuditRun.objects.order_by("-requested_at").first()
    if last is None:
        return OutboxEvent.objects.exists()
    age = timezone.now() - last.requested_at
    if age > settings.AUDIT_EVERY:
        return True
    quick = max(OFTEN, timedelta(seconds=SPARED * (last.seconds or 0)))
    return age > quick and _happened_since(last)


def _happened_since(run: AuditRun) -> bool:
    """Return whether anything but requests of audits was emitted after one began."""
    later = OutboxEvent.objects.filter(id__gte=first_id(run.requested_at))
    return later.exclude(type=AuditRequested.type).exists()
