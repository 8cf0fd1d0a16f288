"""An order's story in the shopper's words, told from the facts known so far."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django_fsm import can_proceed
from djmoney.money import Money

from orders.services import Order
from shop.storefront.models import OrderStatus, Tracking

#: Why an order was cancelled; `{detail}` is what exactly happened.
REASONS = {
    "out_of_stock": "We are sorry, {detail}.",
    "payment_failed": "The payment did not go through: {detail}",
    "fraud": "We are sorry, we could not accept this order.",
    "customer": "As you asked.",
    "staff": "We had to cancel it. {detail}",
    "expired": "We are sorry: we did not manage to send it in time.",
}


@dataclass(frozen=True)
class Step:
    """One step of the story. `look` is one of `done`, `now`, `ahead`, `ended`."""

    title: str
    text: str
    look: str
    at: datetime | None = None
    parcels: Sequence[Tracking] = ()


@dataclass(frozen=True)
class _Stage:
    """A step of the usual way: what is said before, while and after it happens.

    Stages of one `rank` happen side by side; those of a higher one wait for
    them, and have they happened, so have these.
    """

    rank: int
    title: str
    at: datetime | None
    waiting: str
    done: str
    parcels: Sequence[Tracking] = ()


class Story:
    """What the order page tells of one order."""

    def __init__(self, order: Order, status: OrderStatus, parcels: Sequence[Tracking]) -> None:
        self.order, self.status, self.parcels = order, status, parcels

    @property
    def cancelled(self) -> bool:
        """Whether the order ended without being fulfilled."""
        order = self.order
        return order.state in ("cancelled", "refunded") and not order.is_delivered()

    @property
    def challenged(self) -> bool:
        """Whether the bank waits for the shopper's confirmation."""
        order, status = self.order, self.status
        asked, answered = status.challenged_at, status.answered_at
        settled = order.authorized_at or order.ended_at or order.state == "cancelling"
        return bool(asked and not settled and not (answered and answered > asked))

    @property
    def can_cancel(self) -> bool:
        return can_proceed(self.order.request_cancellation)

    @property
    def can_return(self) -> bool:
        order = self.order
        delivered = order.state in ("completed", "refunded") and order.is_delivered()
        return delivered and any(line.quantity > line.back for line in _lines(order))

    @property
    def unfinished(self) -> bool:
        """Whether something is still to happen that the page should show by itself."""
        order = self.order
        if order.ended_at is None:
            return True
        return order.refunded_total < self._to_give_back or self._hold_to_release

    @property
    def headline(self) -> str:
        if self.cancelled:
            return "This order was cancelled"
        if self.order.is_delivered():
            return "Delivered. Enjoy it!"
        if self.order.state == "cancelling":
            return "We are cancelling your order"
        if self.parcels:
            return "Your order is on its way"
        return "Paid, and being packed" if self.order.is_billed() else "Thank you for your order!"

    @property
    def remark(self) -> str:
        """What has become of the wish to cancel; empty when there was none."""
        if self.order.state == "cancelling":
            return (
                "The cancellation was asked for. It is possible as long as the parcel has not "
                "left: we are asking our warehouse, and you will see the answer here."
            )
        if self.status.cancellation_refused_at and not self.cancelled:
            return (
                "You wanted to cancel, but the parcel had already left. "
                "You can send the goods back once they have arrived."
            )
        return ""

    @property
    def steps(self) -> list[Step]:
        steps = self._usual_steps()
        if self.cancelled:
            return [step for step in steps if step.look == "done"] + self._cancelled_steps()
        if self.order.state == "cancelling":
            steps = [step for step in steps if step.look == "done"]
            return [*steps, Step("Cancelling", "Asking whether the parcel is still here.", "now")]
        return steps + self._return_steps()

    def _usual_steps(self) -> list[Step]:
        stages = self._stages()
        reached = max((stage.rank for stage in stages if stage.at), default=0)
        open_ranks = [s.rank for s in stages if not s.at and s.rank >= reached]
        return [self._step(stage, reached, min(open_ranks, default=reached)) for stage in stages]

    def _step(self, stage: _Stage, reached: int, current: int) -> Step:
        if stage.at or stage.rank < reached:
            return Step(stage.title, stage.done, "done", stage.at, stage.parcels)
        look = "now" if stage.rank == current else "ahead"
        text = stage.waiting if look == "now" else ""
        return Step(stage.title, text, look, parcels=stage.parcels)

    def _stages(self) -> list[_Stage]:
        order = self.order
        return [
            _Stage(
                0,
                "Order received",
                order.placed_at,
                "",
                "We are on it: three things happen side by side.",
            ),
            _Stage(
                1,
                "Set aside for you",
                order.stock_held_at,
                "We are looking whether everything is there.",
                "Everything is in stock and held for you.",
            ),
            _Stage(
                1,
                "Payment approved",
                order.authorized_at,
                self._while_authorizing(),
                f"Your bank has approved {order.total}.",
            ),
            _Stage(
                1,
                "Order checked",
                order.cleared_at,
                self._while_checking(),
                "Nothing speaks against it.",
            ),
            _Stage(
                2,
                "Paid",
                order.billed_at or order.captured_at,
                "We are taking the payment.",
                f"{order.total}, with thanks.",
            ),
            _Stage(
                3,
                "On its way",
                order.shipped_at,
                "A part of it has left." if self.parcels else "We are packing.",
                "The parcel is with the carrier.",
                self.parcels,
            ),
            _Stage(
                4, "Delivered", order.delivered_at, "The carrier is on the road.", "At your door."
            ),
        ]

    def _while_authorizing(self) -> str:
        if self.challenged:
            return "Your bank wants you to confirm this payment."
        if self.status.answered_at:
            return "Thank you for your answer to the bank. We are waiting for its decision."
        return "We are asking your bank."

    def _while_checking(self) -> str:
        if self.order.flagged_at:
            return "A colleague is having a look at your order. This can take a while."
        return "We are checking your order, as we do every one."

    def _cancelled_steps(self) -> list[Step]:
        order = self.order
        why = REASONS.get(order.cancel_reason, "").format(detail=order.cancel_detail).strip()
        look = "now" if self.unfinished else "done"
        return [
            Step("Cancelled", why, "ended", order.ended_at),
            Step("Your money", self._money_of_cancelled(), look),
        ]

    def _money_of_cancelled(self) -> str:
        order = self.order
        if order.captured_total:
            return self._given_back()
        if self.status.voided_at:
            return "Nothing was taken. The amount held on your card has been released."
        if self._hold_to_release:
            return "Nothing was taken. The amount held on your card is being released."
        return "Nothing was taken from your card."

    @property
    def _hold_to_release(self) -> bool:
        """Whether the bank still holds an amount for an order that has been cancelled."""
        order = self.order
        held = order.authorized_at and not order.captured_total and not self.status.voided_at
        return bool(self.cancelled and held and order.cancel_reason != "payment_failed")

    def _return_steps(self) -> list[Step]:
        if not self._to_give_back and not self.order.refunded_total:
            return []
        money = Step("Your money", self._given_back(), "now" if self.unfinished else "done")
        return [self._return_step(back) for back in self.order.returns.all()] + [money]

    def _return_step(self, back: Any) -> Step:
        if back.received_at:
            return Step("Goods returned", "They are back with us.", "done", back.received_at)
        return Step("Return announced", "We are expecting the goods.", "now", back.requested_at)

    def _given_back(self) -> str:
        back, due = self._money(self.order.refunded_total), self._money(self._to_give_back)
        if self.order.refunded_total >= self._to_give_back:
            return f"{back} has gone back to your card."
        if self.order.refunded_total:
            return f"{back} of {due} has gone back to your card; the rest is on its way."
        return f"{due} is on its way back to your card."

    @property
    def _to_give_back(self) -> Decimal:
        """What is due to the shopper: all that was taken, or what the returned goods cost."""
        if self.cancelled:
            return self.order.captured_total
        amounts = (line.back * line.unit_price.amount for line in _lines(self.order))
        return min(sum(amounts, Decimal(0)), self.order.captured_total)

    def _money(self, amount: Decimal) -> Money:
        return Money(amount, self.order.total.currency)


def _lines(order: Order) -> Any:
    """The order's lines with the units that went `back`; django-stubs cannot know of those."""
    return order.lines.all()
