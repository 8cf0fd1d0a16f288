"""The proof counter: what the last audit found, and asking for another one.

An audit reads every table whole, so it is made by a process of its own, which a relay starts
(`shop.console.auditing`): not by who waits for a page, nor by a worker whose events would wait.
"""

from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction

from shop.bus import emit, figures
from shop.bus.models import OutboxEvent
from shop.bus.months import first_id
from shop.console.events import AuditRequested
from shop.console.models import AuditRun

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
    """Have every promise checked. Raises `AuditUnderWay`."""
    try:
        with transaction.atomic():
            run = AuditRun.objects.create(by=by)
            emit(AuditRequested(run_id=run.id, by=by))
    except IntegrityError as error:
        raise AuditUnderWay("an audit is under way already") from error
    return run
