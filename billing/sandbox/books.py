"""The sandbox's books: what was taken of a hold and what went back, whoever asked for it."""

from collections.abc import Iterable
from datetime import datetime

from billing.gateway import GivenBack, Page, Standing, Statement
from billing.models.sandbox import SandboxOperation, approved_amount

Kind, Outcome = SandboxOperation.Kind, SandboxOperation.Outcome
PER_PAGE = 100


def standing(authorization: str) -> Standing:
    """Return what the sandbox knows of a hold; nobody disputes there."""
    return _standing(SandboxOperation.objects.filter(authorization=authorization))


def statements(since: datetime, after: str = "") -> Page:
    """Return the holds asked for since then, in the order of their keys."""
    holds = SandboxOperation.objects.filter(
        kind=Kind.AUTHORIZE, outcome=Outcome.APPROVED, asked_at__gte=since, key__gt=after
    )
    page = list(holds.order_by("key")[:PER_PAGE])
    later = SandboxOperation.objects.filter(authorization__in=[hold.reference for hold in page])
    rows = list(later)
    return Page(
        [_statement(hold, rows) for hold in page], page[-1].key if len(page) == PER_PAGE else ""
    )


def _statement(hold: SandboxOperation, rows: Iterable[SandboxOperation]) -> Statement:
    known = _standing(row for row in rows if row.authorization == hold.reference)
    order_id = hold.key.partition(":")[0]
    return Statement(hold.reference, order_id, known.kept, lapsed=known.lapsed)


def _standing(operations: Iterable[SandboxOperation]) -> Standing:
    done = [row for row in operations if row.outcome == Outcome.APPROVED]
    refunds = [row for row in done if row.kind == Kind.REFUND]
    return Standing(
        captured=approved_amount(done, Kind.CAPTURE),
        refunds=tuple(GivenBack(row.reference, row.amount, row.key) for row in refunds),
        lapsed=any(row.kind == Kind.VOID for row in done),
    )
