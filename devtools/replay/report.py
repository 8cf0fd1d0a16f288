"""The figures of a replay."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from math import ceil
from typing import Any, Self
from uuid import UUID

from billing.events import OrderBilled, PaymentRefunded
from devtools.replay.day import Day
from devtools.replay.placing import CURRENCY
from devtools.replay.stories import Stories
from eventbus.delivery.models import Delivery
from orders.events import OrderCancelled, OrderCompleted, OrderPlaced
from shipping.events import OrderShipped


@dataclass(frozen=True)
class Report:
    """The figures of one replay, in the order in which they are shown.

    Returns are in units, amounts in `currency` to two places. `events`, `reactions` and
    `failed_reactions` (failed or parked) are those of this replay's stories. `seconds` are
    from the first placing until everything was settled; the times from placing to shipping
    are None when nothing was shipped.
    """

    invoices: int
    orders_placed: int
    lines: int
    units: int
    returns_matched: int
    returns_unmatched: int
    skipped_lines: dict[str, int]
    completed: int
    cancelled: int
    refunded: int
    open: int
    revenue_placed: str
    revenue_billed: str
    revenue_refunded: str
    currency: str
    events: int
    reactions: int
    failed_reactions: int
    seconds: float
    orders_per_second: float
    placed_to_shipped_p50_ms: int | None
    placed_to_shipped_p95_ms: int | None

    @classmethod
    def of(cls, day: Day, stories: Stories, seconds: float) -> Self:
        """Collect the figures of `day`, whose orders began `stories` and took so many seconds."""
        placed = stories.emitted(OrderPlaced)
        waits = milliseconds_between(placed, stories.emitted(OrderShipped))
        return cls(
            invoices=len(day.invoices),
            orders_placed=len(placed),
            lines=sum(len(order.lines) for order in placed),
            units=sum(line.quantity for order in placed for line in order.lines),
            returns_matched=day.returned,
            returns_unmatched=day.unmatched,
            skipped_lines=dict(day.skipped),
            **_ends({order.order_id for order in placed}, stories),
            revenue_placed=_money(order.total for order in placed),
            revenue_billed=_money(bill.total for bill in stories.emitted(OrderBilled)),
            revenue_refunded=_money(refund.amount for refund in stories.emitted(PaymentRefunded)),
            currency=CURRENCY,
            events=stories.events.count(),
            reactions=stories.reactions(Delivery.State.DONE),
            failed_reactions=stories.reactions(Delivery.State.FAILED, Delivery.State.PARKED),
            seconds=round(seconds, 3),
            orders_per_second=round(len(placed) / seconds, 2) if seconds else 0.0,
            placed_to_shipped_p50_ms=percentile(waits, 50),
            placed_to_shipped_p95_ms=percentile(waits, 95),
        )

    def as_json(self) -> dict[str, Any]:
        """Return the figures as plain values."""
        return asdict(self)


def table(figures: Mapping[str, Any]) -> str:
    """Return the figures of a report, one on a line."""
    lines = list(_lines(figures))
    width = max(len(label) for label, _ in lines)
    return "\n".join(f"{label:{width}}  {value}" for label, value in lines)


def _lines(figures: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in figures.items():
        label = key.replace("_", " ")
        if isinstance(value, Mapping):
            yield from ((f"{label}: {inner}", count) for inner, count in _lines(value))
        else:
            yield label, "-" if value is None else value


def _ends(placed: set[UUID], stories: Stories) -> dict[str, int]:
    """Count the orders by how they ended. Refunded: all the money that was taken went back."""
    refunded = {
        refund.order_id
        for refund in stories.emitted(PaymentRefunded)
        if refund.refunded_total >= refund.captured_total
    }
    completed = {event.order_id for event in stories.emitted(OrderCompleted)}
    cancelled = {event.order_id for event in stories.emitted(OrderCancelled)}
    refunded &= completed | cancelled
    return {
        "completed": len(completed - refunded),
        "cancelled": len(cancelled - refunded),
        "refunded": len(refunded),
        "open": len(placed - completed - cancelled),
    }


def milliseconds_between(
    placed: Iterable[OrderPlaced], shipped: Iterable[OrderShipped]
) -> list[int]:
    """Return the time from placing to shipping in full, of each order that was shipped."""
    placed_at = {order.order_id: order.occurred_at for order in placed}
    return [
        round((event.occurred_at - placed_at[event.order_id]).total_seconds() * 1000)
        for event in shipped
        if event.complete
    ]


def percentile(values: Sequence[int], percent: int) -> int | None:
    """Return the smallest value that `percent` of them do not exceed; None of no values."""
    rank = ceil(len(values) * percent / 100)
    return sorted(values)[rank - 1] if values else None


def _money(amounts: Iterable[Decimal]) -> str:
    return f"{sum(amounts, Decimal(0)):.2f}"
