"""Run requested audits, rule by rule, in a process of their own.

So no event waits for an audit, however long the history is. If the process ends in the middle,
the next one goes on with the next rule.
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
from shop.audit.rules import ReactionCounts, checks, count_reactions
from shop.process_tree import start

log = structlog.get_logger("shop.audit.rules")

#: Longer than any one rule can take, because `EVENTBUS_SESSION_LIMITS` ends its statements.
CLAIM_TIME = timedelta(minutes=15)
#: Audits that are kept.
KEEP_RUNS = 100


class _Auditor:
    """The process, started by this relay, that runs an audit; None while there is none."""

    process: ClassVar[subprocess.Popen[bytes] | None] = None


def start_auditor() -> None:
    """Start a process for a requested audit, unless one of ours is running."""
    if _Auditor.process and _Auditor.process.poll() is None:
        return
    _Auditor.process = None
    if _unclaimed().exists():
        command = [sys.executable, "manage.py", "audit", "--requested"]
        _Auditor.process = start(["nice", *command], cwd=settings.BASE_DIR)


def run_requested() -> AuditRun | None:
    """Run the requested audit, or the rest of it; return None if there is none."""
    run = _unclaimed().first()
    # Of several processes, only one can claim it.
    if run is None or not _unclaimed().filter(pk=run.pk).update(claimed_until=Now() + CLAIM_TIME):
        return None
    began = time.monotonic()
    try:
        _check_rules(run)
    except Exception as error:
        # Not retried: what takes too long now takes too long in a minute as well.
        log.exception("the audit came to no end", run=str(run.pk))
        run.error = mask_error(in_one_line(error))
    run.seconds = round((run.seconds or 0) + time.monotonic() - began, 2)
    run.finished_at = timezone.now()
    run.save()
    _delete_old()
    return run


def _unclaimed() -> Any:
    free = Q(claimed_until=None) | Q(claimed_until__lt=Now())
    return AuditRun.objects.filter(free, finished_at=None)


def _check_rules(run: AuditRun) -> None:
    """Check the rules not yet checked; save each finding at once."""
    if not run.findings:
        run.events = OutboxEvent.objects.filter(id__lt=first_id(run.requested_at)).count()
        vars(run).update(asdict(count_reactions()))
    counted = ReactionCounts(run.expected, run.handled, run.waiting, run.parked)
    for check in checks(counted)[len(run.findings) :]:
        run.findings.append(asdict(check()))
        run.claimed_until = Now() + CLAIM_TIME
        run.save()


def _delete_old() -> None:
    recent = AuditRun.objects.order_by("-requested_at").values("id")[:KEEP_RUNS]
    AuditRun.objects.exclude(id__in=list(recent.values_list("id", flat=True))).delete()
