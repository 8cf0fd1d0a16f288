"""Paying, in the shopper's words."""

from datetime import datetime

from django.utils.translation import gettext as _
from djmoney.money import Money

from shop.storefront.progress.facts import Facts
from shop.storefront.progress.steps import Stage, Wait
from shop.storefront.progress.texts import why_declined


def payment(facts: Facts) -> Stage:
    """Show the way from the card to the money taken."""
    order = facts.order
    paid = _("%(amount)s, with thanks.") % {"amount": order.total}
    return Stage(
        rank=1,
        key="payment",
        title=_("Payment"),
        at=facts.paid_at,
        wait=_wait(facts),
        done=paid if order.total else _("There is nothing to pay."),
    )


def _wait(facts: Facts) -> Wait:
    if facts.declined:
        return Wait(_declined(facts), state="trouble")
    if facts.challenged:
        return Wait(_("Your bank wants you to confirm this payment."), state="trouble")
    if not facts.order.total:
        return _nothing_to_pay(facts)
    if facts.order.authorized_at:
        return _approved(facts)
    return _asking(facts)


def _nothing_to_pay(facts: Facts) -> Wait:
    late = _(
        "There is nothing to pay. Confirming that takes longer than usual. "
        "We keep trying, you need do nothing."
    )
    return Wait(_("There is nothing to pay."), late, _all_certain_at(facts))


def _declined(facts: Facts) -> str:
    order = facts.order
    why = why_declined(order.payment_failed_reason)
    return _("The payment did not go through: %(why)s Nothing was taken.") % {"why": why}


def _asking(facts: Facts) -> Wait:
    if facts.status.answered_at and facts.asked_bank_at == facts.status.answered_at:
        text = _("Thank you for your answer to the bank. We are waiting for its decision.")
    else:
        text = _("We are asking your bank.")
    late = _(
        "Your bank has not answered yet. We keep trying, you need do nothing: "
        "nothing is taken twice."
    )
    return Wait(text, late, facts.asked_bank_at)


def _approved(facts: Facts) -> Wait:
    """Say that the bank has said yes; the money is taken once everything else is certain."""
    order, amount = facts.order, {"amount": facts.order.total}
    if not order.stock_held_at:
        return Wait(
            _("Your bank has approved %(amount)s. We take it once all is set aside.") % amount
        )
    if order.flagged_at and not order.cleared_at:
        return Wait(_("Your bank has approved %(amount)s. Nothing is taken yet.") % amount)
    if not order.cleared_at:
        return _once_checked(facts, amount)
    if not facts.points_booked:
        return _once_points_are_booked(facts, amount)
    return _taking(facts, amount)


def _once_checked(facts: Facts, amount: dict[str, Money]) -> Wait:
    return Wait(
        _("Your bank has approved %(amount)s. We take it once the order is checked.") % amount,
        _(
            "Your bank has approved %(amount)s. The order is not checked yet, which takes longer "
            "than usual. We keep trying, you need do nothing: nothing is taken before."
        )
        % amount,
        _all_certain_at(facts),
    )


def _once_points_are_booked(facts: Facts, amount: dict[str, Money]) -> Wait:
    return Wait(
        _("Your bank has approved %(amount)s. We take it once your points are booked.") % amount,
        _(
            "Your bank has approved %(amount)s. Your points are not booked yet, which takes longer "
            "than usual. We keep trying, you need do nothing: nothing is taken before."
        )
        % amount,
        _all_certain_at(facts),
    )


def _taking(facts: Facts, amount: dict[str, Money]) -> Wait:
    return Wait(
        _("Your bank has approved %(amount)s. We are taking the payment.") % amount,
        _(
            "Your bank has approved %(amount)s, and taking it needs longer than usual. "
            "We keep trying, you need do nothing: it is taken once."
        )
        % amount,
        _all_certain_at(facts),
    )


def _all_certain_at(facts: Facts) -> datetime:
    order = facts.order
    certain = (order.placed_at, order.stock_held_at, order.authorized_at, order.cleared_at)
    return max(moment for moment in certain if moment)
