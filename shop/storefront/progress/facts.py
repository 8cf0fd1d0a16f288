"""The facts known of an order, and questions about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from djmoney.money import Money

from orders.services import Order
from shop.storefront.models import OrderStatus, Tracking


@dataclass(frozen=True)
class Facts:
    """The facts known of an order at one moment."""

    order: Order
    status: OrderStatus
    parcels: Sequence[Tracking]
    now: datetime
    #: whether the points spent on it, if any, have been taken from their account
    points_booked: bool = True

    @property
    def cancelled(self) -> bool:
        """Say whether the order ended without being fulfilled."""
        order = self.order
        return order.state in ("cancelled", "refunded") and not order.is_delivered()

    @property
    def cancelling(self) -> bool:
        return self.order.state == "cancelling"

    @property
    def cancellation_open(self) -> bool:
        """Say whether the shop has yet to hear the answer to a request to cancel."""
        asked = self.status.cancellation_requested_at
        if asked is None or self.cancelled:
            return False
        answers = (self.status.cancellation_refused_at, self.order.reduced_at)
        return not any(_after(answered, asked) for answered in answers)

    @property
    def paid_at(self) -> datetime | None:
        """Return when the money was captured; stock was reserved and all was checked by then."""
        return self.order.captured_at or self.order.billed_at

    @property
    def challenged(self) -> bool:
        """Say whether the bank waits for the shopper's confirmation."""
        settled = self.order.authorized_at or self.order.ended_at or self.cancelling
        return self._unanswered and not (settled or self.declined)

    @property
    def never_confirmed(self) -> bool:
        """Say whether it ended because the bank's challenge was not answered."""
        reason, failed = self.order.cancel_reason, self.order.payment_failed_at
        return self._unanswered and not failed and reason in ("expired", "payment_failed")

    @property
    def declined(self) -> bool:
        """Say whether the card was declined and another one is needed."""
        failed = self.order.payment_failed_at
        waits = self.order.state == "placed" and not self.order.authorized_at
        return bool(failed and waits and not _after(self.status.paid_again_at, failed))

    @property
    def asked_bank_at(self) -> datetime:
        """Return when the bank was last asked something, as far as the shopper knows."""
        return max(moment for moment in (self.order.placed_at, *self._answers) if moment)

    @property
    def _unanswered(self) -> bool:
        """Say whether the bank issued a challenge that was not answered since."""
        asked = self.status.challenged_at
        if asked is None:
            return False
        return not any(_after(since, asked) for since in self._answers)

    @property
    def _answers(self) -> tuple[datetime | None, ...]:
        """Return when the shopper answered the bank, and when they gave another card."""
        return self.status.answered_at, self.status.paid_again_at

    @property
    def returns(self) -> list[Any]:
        """Return the order's returns, oldest first."""
        return [back for back in self.order.returns.all() if back.state != "void"]

    @property
    def open_returns(self) -> list[Any]:
        return [back for back in self.returns if back.state in ("requested", "approved")]

    @property
    def due(self) -> Decimal:
        """Return the amount to refund: all that was captured, or the returned goods' share."""
        if self.cancelled:
            return self.order.captured_total
        amounts = (back.amount for back in self.returns if back.state == "received")
        return min(sum(amounts, self.order.reduced_amount), self.order.captured_total)

    @property
    def due_since(self) -> datetime | None:
        """Return since when the latest part of that amount has been due."""
        if self.cancelled:
            return self.order.ended_at
        moments = [self.order.reduced_at, *(back.received_at for back in self.returns)]
        return max((moment for moment in moments if moment), default=None)

    @property
    def nothing_came(self) -> bool:
        """Say whether every unit was given up: all of it was lost on its way."""
        units = sum(line.quantity for line in self.order.lines.all())
        return 0 < units <= self.order.closed

    @property
    def refund_open(self) -> bool:
        return self.order.refunded_total < self.due

    @property
    def hold_open(self) -> bool:
        """Say whether the bank still holds an amount for an order that has been cancelled."""
        order = self.order
        held = order.authorized_at and not order.captured_total and not self.status.voided_at
        return bool(self.cancelled and held and order.cancel_reason != "payment_failed")

    def money(self, amount: Decimal) -> Money:
        """Return an amount in the order's currency."""
        return Money(amount, self.order.total.currency)


def _after(later: datetime | None, earlier: datetime) -> bool:
    return later is not None and later > earlier
