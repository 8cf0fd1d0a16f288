"""The proof counter: what the last audit found, and asking for another one.

An audit reads every table whole, so it is made by a worker, not by who waits for a page.
"""

import time
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from shop.bus import emit, figures
from shop.bus.models import OutboxEvent
from shop.bus.months import first_id
from shop.console.audit import audit, counts
from shop.console.events import AuditRequested
from shop.console.models import AuditRun

#: One that has not come back by then never will: another may be asked for.
GIVEN_UP_AFTER = timedelta(minutes=10)
#: Events since the last audit that are counted while somebody waits for the page.
MOST = 5_000
#: Results that are kept.
KEPT = 100


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
    waiting = figures.waiting()
    first = first_id(last.asked_at) if last else UUID(int=0)
    since = OutboxEvent.objects.filter(id__gte=first).order_by("id")[: MOST + 1].count()
    return Proof(
        last,
        AuditRun.objects.filter(finished_at=None).first(),
        (last.stated if last else 0) + min(since, MOST),
        since > MOST,
        figures.handled(),
        sum(each.waiting + each.failed for each in waiting),
        sum(each.parked for each in waiting),
    )


def ask_for_audit(by: str) -> AuditRun:
    """Have a worker check every promise. Raises `AuditUnderWay`."""
    try:
        with transaction.atomic():
            given_up = timezone.now() - GIVEN_UP_AFTER
            AuditRun.objects.filter(finished_at=None, asked_at__lt=given_up).delete()
            run = AuditRun.objects.create(by=by)
            emit(AuditRequested(run_id=run.id, by=by))
    except IntegrityError as error:
        raise AuditUnderWay("an audit is under way already") from error
    return run


def is_wanted(run_id: UUID) -> bool:
    """Whether somebody still waits for it: one that came too late was given up."""
    return AuditRun.objects.filter(id=run_id, finished_at=None).exists()


def measure(run_id: UUID) -> dict[str, Any]:
    """Check every promise; what was stated is counted up to when it was asked for."""
    began, counted = time.monotonic(), counts()
    findings = [asdict(finding) for finding in audit(counted)]
    asked_at = AuditRun.objects.get(id=run_id).asked_at
    stated = OutboxEvent.objects.filter(id__lt=first_id(asked_at)).count()
    took = round(time.monotonic() - began, 2)
    return {"findings": findings, "stated": stated, "seconds": took, **asdict(counted)}


def keep(run_id: UUID, result: dict[str, Any]) -> None:
    """Keep what was found, and of the past only so much."""
    AuditRun.objects.filter(id=run_id, finished_at=None).update(
        finished_at=timezone.now(), **result
    )
    recent = AuditRun.objects.order_by("-asked_at").values("id")[:KEPT]
    AuditRun.objects.exclude(id__in=list(recent.values_list("id", flat=True))).delete()
