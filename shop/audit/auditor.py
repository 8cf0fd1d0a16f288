"""Making the audits that were asked for: rule by rule, in a process of its own.

However long the history is, no event waits for it. A process that ends in the middle is
followed by another one, which goes on with the next rule.
"""

import subprocess
import sys
import time
from dataclasses import asdict
from datetime import timedelta
from typing import Any, ClassVar

import structlog
from django.conf import settings
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from eventbus.delivery.models import OutboxEvent
from eventbus.exceptions import in_one_line
from eventbus.history.partitions import first_id
from eventbus.log_privacy import mask_error
from shop.audit.models import AuditRun
from shop.audit.rules import Counts, counts, slices
from shop.process_tree import start

log = structlog.get_logger("shop.audit.rules")

#: Longer than any one rule takes: `SESSION_LIMITS` ends its statements.
CLAIM = timedelta(minutes=15)
#: Results that are kept.
KEPT = 100


class _Auditor:
    """The process of this relay that makes an audit, while there is one."""

    process: ClassVar[subprocess.Popen[bytes] | None] = None


def start_auditor() -> None:
    """Start a process for an audit that was asked for, unless one of ours is at it."""
    if _Auditor.process and _Auditor.process.poll() is None:
        return
    _Auditor.process = None
    if _unclaimed().exists():
        command = [sys.executable, "manage.py", "audit", "--asked"]
        _Auditor.process = start(["nice", *command], cwd=settings.BASE_DIR)


def make_asked() -> AuditRun | None:
    """Make the audit that was asked for, or the rest of it; None when there is none to make."""
    run = _unclaimed().first()
    # Of several who look at once, one gets it.
    if run is None or not _unclaimed().filter(pk=run.pk).update(claimed_until=Now() + CLAIM):
        return None
    began = time.monotonic()
    try:
        _make(run)
    except Exception as error:
        # Tried again with the next audit: what takes too long now does so in a minute too.
        log.exception("the audit came to no end", run=str(run.pk))
        run.error = mask_error(in_one_line(error))
    run.seconds = round((run.seconds or 0) + time.monotonic() - began, 2)
    run.finished_at = timezone.now()
    run.save()
    _forget_old()
    return run


def _unclaimed() -> Any:
    free = Q(claimed_until=None) | Q(claimed_until__lt=Now())
    return AuditRun.objects.filter(free, finished_at=None)


def _make(run: AuditRun) -> None:
    """Check the rules not yet checked, and keep what each has found at once."""
    if not run.findings:
        run.stated = OutboxEvent.objects.filter(id__lt=first_id(run.asked_at)).count()
        vars(run).update(asdict(counts()))
    counted = Counts(run.expected, run.handled, run.waiting, run.parked)
    for find in slices(counted)[len(run.findings) :]:
        run.findings.append(asdict(find()))
        run.claimed_until = Now() + CLAIM
        run.save()


def _forget_old() -> None:
    recent = AuditRun.objects.order_by("-asked_at").values("id")[:KEPT]
    AuditRun.objects.exclude(id__in=list(recent.values_list("id", flat=True))).delete()
