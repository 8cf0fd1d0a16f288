"""What is measured after a trial: what still waits, how orders ended, what an audit finds."""

from collections import Counter
from datetime import datetime

from devtools.tour.trial import Trial
from devtools.waiting import wait_until
from eventbus import registry
from eventbus.delivery.models import Delivery, OutboxEvent
from orders.models import Order
from shop.audit import auditor, runs
from shop.audit.models import AuditRun

#: Seconds in which an audit ends, of a history as long as a demo's.
AUDIT_WITHIN = 300


def waiting(app: str = "") -> int:
    """Count open reactions, of one app or of all."""
    rows = Delivery.objects.filter(state__in=Delivery.OPEN)
    return (rows.filter(app=app) if app else rows).count()


def is_caught_up(moment: datetime) -> bool:
    """Tell whether nothing waits any more of what was due at a moment."""
    unpublished = OutboxEvent.objects.filter(
        published_at=None, publish_after__lte=moment, type__in=registry.event_types()
    )
    late = Delivery.objects.filter(state__in=Delivery.OPEN, waiting_since__lte=moment)
    return not (unpublished.exists() or late.exists())


def count_ended(trial: Trial) -> None:
    """Write into the trial how many of its orders have ended, and how."""
    orders = Order.objects.filter(id__in=trial.placed, ended_at__isnull=False)
    trial.ended = dict(Counter(orders.values_list("state", flat=True)))


def prove(trial: Trial) -> None:
    """Have an audit made now, and write what it found into the trial."""
    run = _audit(f"{trial.by[:130]}, on the tour")
    trial.lost, trial.doubled = run.lost, run.doubled
    trial.broken_rules = [str(finding["rule"]) for finding in run.broken]
    if run.error:
        trial.trouble.append(f"the audit did not finish: {run.error}")


def _audit(by: str) -> AuditRun:
    """Make an audit that begins now: one that is under way may have passed what it should see."""
    run = wait_until(lambda: _requested(by), AUDIT_WITHIN, "the end of another audit")
    # A relay may have begun it before us; whoever it is, one does it.
    auditor.run_requested()
    wait_until(lambda: _is_finished(run), AUDIT_WITHIN, "the audit")
    run.refresh_from_db()
    return run


def _requested(by: str) -> AuditRun | None:
    try:
        return runs.request_audit(by)
    except runs.AuditUnderWay:
        return None


def _is_finished(run: AuditRun) -> bool:
    return AuditRun.objects.filter(pk=run.pk, finished_at__isnull=False).exists()
