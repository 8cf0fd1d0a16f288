"""Where staff decide about a flagged order, once."""

from uuid import UUID

from django.db import transaction

from fraud.models import Screening
from fraud.verdicts import state_verdict


@transaction.atomic
def clear(order_id: UUID, by: str) -> None:
    """Let a flagged order go on. Raises `NotFlagged` or `AlreadyDecided`."""
    screening = _awaiting_decision(order_id)
    screening.clear(by)
    screening.keep()
    state_verdict(screening)


@transaction.atomic
def refuse(order_id: UUID, by: str, why: str) -> None:
    """Take a flagged order for fraud. Raises `NotFlagged` or `AlreadyDecided`."""
    screening = _awaiting_decision(order_id)
    screening.refuse(by, why)
    screening.keep()
    state_verdict(screening)


def _awaiting_decision(order_id: UUID) -> Screening:
    screening = Screening.locked(order_id)
    screening.must_await_decision()
    return screening
