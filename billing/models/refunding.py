"""Giving back the money of a charge, in part or in full."""

from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q, Sum

from billing.errors import NothingCaptured, WrongAmount
from billing.models.card_payment import CardPayment
from billing.models.refund import Refund

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class RefundablePayment(CardPayment):
    """What went back of the money that was taken, and what is to go back."""

    reserved_for_refund = models.DecimalField(
        max_digits=14,
        decimal_places=2,
        default=Decimal(0),
        help_text="sum of all refunds, pending ones included",
    )
    refunded = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))
    reduced = models.DecimalField(
        max_digits=14,
        decimal_places=2,
        default=Decimal(0),
        db_default=Decimal(0),
        help_text="what is to go back for goods that will not come",
    )
    refund_changes = models.PositiveIntegerField(
        default=0, db_default=0, help_text="times that the amount given back has changed"
    )

    refunds: "RelatedManager[Refund]"

    class Meta:
        abstract = True

    @property
    def must_refund(self) -> bool:
        is_off = bool(self.cancellation) and not self.keeps_money
        return is_off and self.state == self.State.CAPTURED

    @property
    def refundable(self) -> Decimal:
        """Return what was taken and is neither given back nor reserved for it."""
        return self.captured - self.reserved_for_refund

    @property
    def kept(self) -> Decimal:
        """Return what was taken less what was given back; what a bank took does not count."""
        if not self.refunded:
            return self.captured
        taken = self.refunds.filter(
            state=Refund.State.DONE, reference__startswith=f"{Refund.DISPUTED}:"
        ).aggregate(sum=Sum("amount", default=Decimal(0)))["sum"]
        return self.captured - self.refunded + taken

    def refund_key(self, reference: str) -> str:
        """Return our name at the processor for the refund of this reference."""
        return f"{self.order_id}:refund:{reference}"

    def open_refund(self, reference: str, amount: Decimal, reason: str) -> Refund:
        """Set an amount aside for a new refund. Raises `NothingCaptured`, `WrongAmount`."""
        self._must_be_captured()
        if not 0 < amount <= self.refundable:
            raise WrongAmount(f"{self.refundable} {self.currency} can be refunded, not {amount}")
        self.reserved_for_refund += amount
        return self.refunds.create(reference=reference, amount=amount, reason=reason)

    def refund_up_to(self, amount: Decimal, reference: str, reason: str) -> Refund | None:
        """Return the refund of this reference, opened now unless it was before.

        Opened for what is left where that is less than `amount`; None when nothing is.
        Raises `NothingCaptured`.
        """
        self._must_be_captured()
        known = self.refunds.filter(reference=reference).first()
        amount = min(amount, self.refundable)
        return known if known or not amount else self.open_refund(reference, amount, reason)

    def refund_for_cancellation(self) -> Refund | None:
        """Return the refund of everything not yet refunded, opened now unless it was before."""
        reason = f"order cancelled: {self.cancellation}"
        return self.refund_up_to(self.refundable, f"cancel:{self.order_id}", reason)

    def refund_for_reduction(self, amount: Decimal, reference: str, reason: str) -> Refund | None:
        """Return the refund of goods that will not come, opened now unless it was before.

        What staff gave back by hand, here or there, counts towards it. Raises `NothingCaptured`.
        """
        if known := self.refunds.filter(reference=reference).first():
            return known
        self.reduced += amount
        kinds = ("staff", "reduced", Refund.MADE_THERE)
        counts = Q(*((("reference__startswith", f"{kind}:")) for kind in kinds), _connector=Q.OR)
        refunds = self.refunds.filter(counts, state__in=Refund.LASTING)
        given = refunds.aggregate(sum=Sum("amount", default=Decimal(0)))["sum"]
        return self.refund_up_to(max(self.reduced - given, Decimal(0)), reference, reason)

    def record_refunded(self, refund: Refund) -> None:
        """Count a refund that is done."""
        self.refunded += refund.amount
        self.refund_changes += 1

    def record_refund_failed(self, refund: Refund, *, was_done: bool) -> None:
        """Count out a refund that the bank did not take: the amount may go back anew."""
        self.reserved_for_refund -= refund.amount
        if was_done:
            self.refunded -= refund.amount
            self.refund_changes += 1

    def record_external_refund(
        self, reference: str, amount: Decimal, there: str, reason: str
    ) -> Refund:
        """Write down a refund that somebody made at the processor."""
        self.reserved_for_refund += amount
        refund = self.refunds.create(reference=reference, amount=amount, reason=reason)
        refund.finish(there)
        refund.save()
        self.record_refunded(refund)
        return refund

    def fit_pending(self, room: Decimal) -> None:
        """Let pending refunds give back no more than `room` together; the oldest go first.

        One for which less is left is overtaken, and another takes what is left.
        """
        for refund in self.pending_refunds:
            fits = min(refund.amount, room)
            room -= fits
            if fits < refund.amount:
                self._overtake(refund, fits)

    @property
    def pending_refunds(self) -> list[Refund]:
        """The oldest first."""
        return list(self.refunds.filter(state=Refund.State.PENDING).order_by("opened_at", "id"))

    def _overtake(self, refund: Refund, rest: Decimal) -> None:
        refund.overtake()
        refund.save()
        self.reserved_for_refund += rest - refund.amount
        if rest:
            named = {"reference": f"{refund.reference}:rest", "reason": refund.reason}
            self.refunds.create(amount=rest, **named)

    def _must_be_captured(self) -> None:
        if self.state != self.State.CAPTURED:
            raise NothingCaptured(f"order {self}: no money was taken")
