"""Stating a screening's verdict."""

from eventbus import emit
from fraud.events import OrderCleared, OrderFlagged, OrderRefused
from fraud.models import Screening

_EVENTS = {
    Screening.Verdict.CLEARED: OrderCleared,
    Screening.Verdict.FLAGGED: OrderFlagged,
    Screening.Verdict.REFUSED: OrderRefused,
}


def emit_verdict(screening: Screening) -> None:
    """Emit what was decided about an order, by the rules or by staff."""
    emit(
        _EVENTS[Screening.Verdict(screening.verdict)](
            order_id=screening.order_id,
            number=screening.number,
            score=screening.score,
            reasons=tuple(screening.reasons),
        )
    )
