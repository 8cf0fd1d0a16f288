"""An order's progress as its page shows it, and what its shopper can do about it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django_fsm import can_proceed

from orders.services import Order
from shop.storefront.models import OrderStatus, Tracking
from shop.storefront.progress import refund_steps
from shop.storefront.progress.facts import Facts
from shop.storefront.progress.fulfilment_steps import fulfilment_steps
from shop.storefront.progress.steps import Step, in_order
from shop.storefront.progress.texts import why_declined

#: Before the end of a wait, the page says that it is near.
SOON = timedelta(minutes=3)


class OrderProgress:
    """An order's progress as it is now."""

    def __init__(
        self,
        order: Order,
        status: OrderStatus,
        parcels: Sequence[Tracking],
        *,
        points_booked: bool = True,
    ) -> None:
        self.order, self.status = order, status
        self.facts = Facts(order, status, parcels, timezone.now(), points_booked)
        self.steps = self._steps()

    @property
    def headline(self) -> str:
        order, facts = self.order, self.facts
        if facts.cancelled:
            return _("This order was cancelled")
        if order.is_delivered():
            return self._headline_once_delivered()
        if facts.cancelling:
            return _("We are cancelling your order")
        if facts.declined:
            return _("Your card was refused")
        if facts.challenged:
            return _("Your bank has a question")
        return self._headline_on_the_usual_way()

    def _headline_once_delivered(self) -> str:
        facts = self.facts
        if facts.nothing_came:
            return _("We are sorry: your order was lost")
        if facts.open_returns or (facts.refund_open and facts.returns):
            return _("Your return is under way")
        if facts.due and facts.returns:
            return _("Your return is done")
        return _("Delivered. Enjoy it!") if self.order.ships else _("It is yours. Enjoy it!")

    def _headline_on_the_usual_way(self) -> str:
        if self.facts.parcels or self.order.is_shipped():
            return _("Your order is on its way")
        if self.order.is_billed():
            return _("Paid, and being packed") if self.order.total else _("Being packed")
        return _("Thank you for your order!")

    @property
    def remark(self) -> str:
        """Say what became of the request to cancel; empty when there was none."""
        if self.facts.cancelling:
            return _(
                "The cancellation was asked for. It is possible as long as the parcel has not "
                "left: we are asking our warehouse, and you will see the answer here."
            )
        if self.status.cancellation_refused_at and not self.facts.cancelled:
            return _(
                "You wanted to cancel, but the parcel had already left. "
                "You can send the goods back once they have arrived."
            )
        return ""

    @property
    def challenged(self) -> bool:
        """Say whether the bank waits for the shopper's confirmation."""
        return self.facts.challenged

    @property
    def can_pay_again(self) -> bool:
        """Say whether another card is wanted, and there is still time for it."""
        return self.facts.declined and self.order.can_pay_again

    @property
    def why_declined(self) -> str:
        return why_declined(self.order.payment_failed_reason)

    @property
    def can_cancel(self) -> bool:
        return can_proceed(self.order.request_cancellation)

    @property
    def can_return(self) -> bool:
        order = self.order
        delivered = order.state in ("completed", "refunded") and order.is_delivered()
        lines: Any = order.lines.all()
        return delivered and any(line.left for line in lines)

    @property
    def unfinished(self) -> bool:
        """Say whether something is still to happen that the page should show by itself."""
        facts = self.facts
        if self.order.ended_at is None or facts.open_returns:
            return True
        return facts.refund_open or facts.hold_open or facts.cancellation_open

    @property
    def next_change_at(self) -> datetime | None:
        """Return when its text changes although nothing happens: an answer is late then."""
        turns = [step.next_change_at for step in self.steps if step.next_change_at]
        return min(turns + self._turns_of_the_wait(), default=None)

    @property
    def ends_soon(self) -> bool:
        """Say whether the time the shopper has to pay is nearly over."""
        until = self.order.pay_until
        if until is None or not self.order.waits_for_shopper:
            return False
        return until - self.facts.now <= SOON

    def _turns_of_the_wait(self) -> list[datetime]:
        """List when a wait for the shopper is renewed if they are there, nearly over, and over."""
        until = self.order.pay_until
        if until is None or not self.order.waits_for_shopper:
            return []
        turns = (until - settings.PAYMENT_CHALLENGE_TIMEOUT / 3, until - SOON, until)
        return [turn for turn in turns if turn > self.facts.now]

    def _steps(self) -> list[Step]:
        facts = self.facts
        steps = in_order(fulfilment_steps(facts), facts.now)
        if facts.cancelled:
            return [step for step in steps if step.state == "done"] + refund_steps.cancelled_steps(
                facts
            )
        if facts.cancelling:
            return [step for step in steps if step.state == "done"] + [
                refund_steps.cancelling_step(facts)
            ]
        return steps + refund_steps.return_steps(facts)
