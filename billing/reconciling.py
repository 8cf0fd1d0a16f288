"""Comparing the processor's books with ours, each day: what no message told of is found here."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from billing import adapters
from billing.events import CheckPayment, ReconcilePayments
from billing.gateway import Statement
from billing.models import Charge, Difference, Reconciliation
from eventbus import ExternalCalls, emit, emits, now

#: How long after a payment its money may still go back: card schemes' 120 days, and some more.
LOOKED_BACK = timedelta(days=150)
State, Kind = Charge.State, Difference.Kind
#: A call of ours is under way, whose answer is still to be written down.
UNDER_WAY = (State.AUTHORIZING, State.CHALLENGED, State.CAPTURING, State.VOIDING)


def begin_if_due(**_: Any) -> None:
    """Begin a reconciliation once a day, if there is anything to compare; on `relay_tick`."""
    today = now().astimezone(UTC).date()
    if Reconciliation.objects.filter(day=today).exists():
        return
    if Charge.objects.filter(created_at__lt=_midnight(today), amount__gt=0).exists():
        _begin(today)


def compare(day: date, after: str) -> ExternalCalls:
    """Compare some payments; what differs is looked into, and the next ones are due."""
    since = _midnight(day) - LOOKED_BACK
    page = yield partial(adapters.processor().statements, since, after)
    differing = _compared(page.statements, day)
    slice_of, _ = Reconciliation.objects.get_or_create(day=day)
    slice_of.add(len(page.statements), differing, is_last=not page.after)
    if page.after:
        emit(ReconcilePayments(day=day, after=page.after))


@emits(ReconcilePayments)
@transaction.atomic
def _begin(day: date) -> None:
    _, is_new = Reconciliation.objects.get_or_create(day=day)
    if is_new:
        emit(ReconcilePayments(day=day))


def _compared(statements: Iterable[Statement], day: date) -> int:
    """Return how many differ. Payments of orders that are not ours are passed over."""
    by_order = {order_id: s for s in statements if (order_id := _uuid(s.order_id))}
    charges = Charge.objects.in_bulk(list(by_order))
    pairs = [(charges[key], there) for key, there in by_order.items() if key in charges]
    kinds = [_difference(charge, there) for charge, there in pairs]
    alike = [there.authorization for (_, there), kind in zip(pairs, kinds, strict=True) if not kind]
    Difference.open().filter(authorization__in=alike).update(settled_at=timezone.now())
    for (charge, there), kind in zip(pairs, kinds, strict=True):
        _check(charge, there, kind, day)
    return len(pairs) - len(alike)


def _check(charge: Charge, there: Statement, kind: Difference.Kind | None, day: date) -> None:
    if kind:
        _record_difference(charge, there, kind, day)
    if kind or (charge.state == State.CHALLENGED and not there.lapsed):
        emit(CheckPayment(order_id=charge.order_id, reference=there.authorization))


def _difference(charge: Charge, there: Statement) -> Difference.Kind | None:
    if charge.state in UNDER_WAY:
        return None
    if charge.authorization != there.authorization:
        return Kind.UNKNOWN if there.kept else None
    if charge.kept != there.kept:
        return Kind.KEPT
    if there.disputed and not charge.disputes.exists():
        return Kind.DISPUTED
    return Kind.LAPSED if there.lapsed and charge.state == State.AUTHORIZED else None


def _record_difference(charge: Charge, there: Statement, kind: Difference.Kind, day: date) -> None:
    ours = charge.kept if charge.authorization == there.authorization else 0
    facts = {"charge": charge, "kind": kind, "ours": ours, "theirs": there.kept, "seen_on": day}
    Difference.objects.update_or_create(
        authorization=there.authorization, settled_at=None, defaults=facts
    )


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
