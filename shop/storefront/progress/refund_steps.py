"""Steps of orders that are cancelled or returned: the goods, and the money."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shop.storefront.progress.facts import Facts
from shop.storefront.progress.steps import Step, Wait
from shop.storefront.progress.texts import why_cancelled, why_reduced


def cancelling_step(facts: Facts) -> Step:
    """Return the step of a requested cancellation that was not answered yet."""
    wait = Wait(
        _("Asking whether the parcel is still here."),
        _(
            "The warehouse has not answered yet. We keep asking, you need do nothing: either the "
            "order is cancelled and your money goes back, or the parcel had left."
        ),
        facts.status.cancellation_requested_at,
    )
    return wait.step("cancelling", _("Cancelling"), facts.now)


def cancelled_steps(facts: Facts) -> list[Step]:
    """Return the steps of an order that was not fulfilled: why, and where its money is."""
    if facts.never_confirmed:
        why = _("The payment was not confirmed with your bank in time.")
    else:
        why = why_cancelled(facts.order)
    end = Step("cancelled", _("Cancelled"), why, "ended", facts.order.ended_at)
    return [end, _money(facts)]


def return_steps(facts: Facts) -> list[Step]:
    """Return the steps of goods that will not come or go back, and of their money."""
    given_up = [_given_up(facts)] if facts.order.reduced_at else []
    steps = given_up + [_return(back, facts) for back in facts.returns]
    return [*steps, _money(facts)] if steps or facts.order.refunded_total else []


def _given_up(facts: Facts) -> Step:
    closed = [line for line in facts.order.lines.all() if line.closed]
    goods = ", ".join(f"{line.closed} × {line.title}" for line in closed)
    title, at = _("A part will not come"), facts.order.reduced_at
    return Step("reduced", title, f"{why_reduced(facts.order)} {goods}", "ended", at)


def _return(back: Any, facts: Facts) -> Step:
    if back.state == "received":
        text = _("They are back with us.")
        return Step("return", _("Goods returned"), text, "done", back.received_at)
    if back.state == "refused":
        text = _("We cannot take these goods back: %(why)s") % {"why": back.refusal}
        return Step("return", _("Return refused"), text, "ended", back.decided_at)
    if back.state == "approved":
        title, at = _("Goods on their way back"), back.decided_at
        return _on_their_way(at).step("return", title, facts.now, at=at)
    title, at = _("Return requested"), back.requested_at
    return _undecided(back).step("return", title, facts.now, at=at)


def _on_their_way(since: datetime) -> Wait:
    return Wait(
        _("Approved. The carrier brings the goods back to us."),
        _("Approved. The carrier has not told us yet that the goods are here. We keep asking."),
        since + settings.CARRIER_TRANSIT,
    )


def _undecided(back: Any) -> Wait:
    if not back.is_in_time():
        return Wait(_("A colleague decides, and you will see the answer here."))
    return Wait(
        _("We are looking at it."),
        _("We have your request. Our answer takes longer than usual; you will see it here."),
        back.requested_at,
    )


def _money(facts: Facts) -> Step:
    title = _("Your money")
    if facts.order.refund_failed_at:
        return Step("money", title, _sent_back(facts), "now", facts.order.refund_failed_at)
    if facts.refund_open:
        return _refund_on_its_way(facts).step("money", title, facts.now)
    if facts.hold_open:
        return _hold_on_its_way(facts).step("money", title, facts.now)
    if facts.open_returns and not facts.order.refunded_total:
        return Step("money", title, _announced(facts), "ahead")
    return Step("money", title, f"{_settled(facts)} {_points(facts)}".strip(), "done")


def _sent_back(facts: Facts) -> str:
    text = _(
        "Your bank did not take the money that we gave back. %(back)s has gone back so far. "
        "We will write to you to find another way."
    )
    return text % _amounts(facts)


def _refund_on_its_way(facts: Facts) -> Wait:
    amounts = _amounts(facts)
    if facts.order.refunded_total:
        text = _("%(back)s of %(due)s has gone back to your card; the rest is on its way.")
    else:
        text = _("%(due)s is on its way back to your card.")
    late = _(
        "%(due)s is to go back to your card, %(back)s of it has. The processor has not confirmed "
        "the rest yet. We keep trying, you need do nothing."
    )
    return Wait(text % amounts, late % amounts, facts.due_since)


def _hold_on_its_way(facts: Facts) -> Wait:
    return Wait(
        _("Nothing was taken. The amount held on your card is being released."),
        _(
            "Nothing was taken. The bank has not confirmed yet that it releases the amount held "
            "on your card. We keep trying, you need do nothing."
        ),
        facts.order.ended_at,
    )


def _announced(facts: Facts) -> str:
    amount = facts.money(sum(back.amount for back in facts.open_returns))
    text = _("You get %(amount)s back once the goods are here.")
    return text % {"amount": amount}


def _settled(facts: Facts) -> str:
    if facts.order.refunded_total:
        return _("%(back)s has gone back to your card.") % _amounts(facts)
    if facts.order.captured_total:
        return _("Nothing goes back.")
    if facts.status.voided_at:
        return _("Nothing was taken. The amount held on your card has been released.")
    return _("Nothing was taken from your card.")


def _points(facts: Facts) -> str:
    points = facts.order.points if facts.cancelled else _points_of_returns(facts)
    if not points:
        return ""
    text = ngettext(
        "%(points)s point goes back to your account.",
        "%(points)s points go back to your account.",
        points,
    )
    return text % {"points": points}


def _points_of_returns(facts: Facts) -> int:
    back = sum(back.points for back in facts.returns if back.state == "received")
    return back + sum(line.closed_points for line in facts.order.lines.all())


def _amounts(facts: Facts) -> dict[str, Any]:
    return {"back": facts.money(facts.order.refunded_total), "due": facts.money(facts.due)}
