"""Where staff decide about a flagged order, once."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from eventbus import emits
from fraud.events import OrderCleared, OrderRefused
from fraud.models import Screening
from fraud.verdicts import emit_verdict


def screening_of(order_id: UUID) -> Screening | None:
    """Return what fraud found about an order, if it has been looked at."""
    return Screening.objects.filter(pk=order_id).first()


def screenings_of(customer_id: str) -> QuerySet[Screening]:
    """Return what fraud found about a customer's orders, the newest first."""
    return Screening.objects.filter(customer_id=customer_id).order_by("-placed_at")


def flagged() -> int:
    """Count the orders that wait for staff to decide."""
    return Screening.objects.filter(verdict=Screening.Verdict.FLAGGED).count()


@emits(OrderCleared)
@transaction.atomic
def clear(order_id: UUID, by: str) -> None:
    """Let a flagged order go on. Raises `NotFlagged` or `AlreadyDecided`."""
    with _awaiting_decision(order_id) as screening:
        screening.clear(by)
        emit_verdict(screening)


@emits(OrderRefused)
@transaction.atomic
def refuse(order_id: UUID, by: str, why: str) -> None:
    """Take a flagged order for fraud. Raises `NotFlagged` or `AlreadyDecided`."""
    with _awaiting_decision(order_id) as screening:
        screening.refuse(by, why)
        emit_verdict(screening)


@contextmanager
def _awaiting_decision(order_id: UUID) -> Iterator[Screening]:
    with Screening.objects.get_or_create_for_update(pk=order_id) as screening:
        screening.must_await_decision()
        yield screening
