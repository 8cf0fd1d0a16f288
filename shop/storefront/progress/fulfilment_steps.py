"""The usual way of an order, from received to delivered."""

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from shop.storefront.progress.facts import Facts
from shop.storefront.progress.payment import payment
from shop.storefront.progress.steps import Stage, Wait

#: Seconds of packing from which the time it ends is told.
WORTH_TELLING = 60


def fulfilment_steps(facts: Facts) -> list[Stage]:
    """Return the stages of an order that goes well."""
    check = [_check(facts)] if facts.order.flagged_at else []
    begun = [_received(facts), _stock(facts), payment(facts), *check]
    if not facts.order.ships:
        return [*begun, _released(facts)]
    return [*begun, _packing(facts), _way(facts), _delivered(facts)]


def _received(facts: Facts) -> Stage:
    done = _("We have it, and are on it.")
    return Stage(0, "received", _("Order received"), facts.order.placed_at, Wait(""), done)


def _stock(facts: Facts) -> Stage:
    order = facts.order
    late = (
        _(
            "Your payment is confirmed; the warehouse has not answered yet. "
            "We keep trying, you need do nothing."
        )
        if order.authorized_at
        else _("The warehouse has not answered yet. We keep trying, you need do nothing.")
    )
    wait = Wait(_("We are looking whether everything is there."), late, order.placed_at)
    done = _("Everything is in stock and held for you.")
    held_at = order.stock_held_at or facts.paid_at
    return Stage(1, "stock", _("Set aside for you"), held_at, wait, done)


def _check(facts: Facts) -> Stage:
    wait = Wait(_("A colleague is having a look at your order. This can take a while."))
    done = _("Nothing speaks against it.")
    cleared_at = facts.order.cleared_at or facts.paid_at
    return Stage(1, "check", _("Order checked"), cleared_at, wait, done)


def _packing(facts: Facts) -> Stage:
    done = _("Packed, and handed to the carrier.")
    return Stage(2, "packing", _("Packing"), facts.order.shipped_at, _while_packing(facts), done)


def _while_packing(facts: Facts) -> Wait:
    if facts.parcels:
        return Wait(_("A part of it has left; we are packing the rest."))
    if not facts.order.billed_at:
        return Wait(_("We are packing your order."))
    ready = facts.order.billed_at + settings.PACKING_TIME
    if settings.PACKING_TIME.total_seconds() < WORTH_TELLING:
        text = _("We are packing your order. It leaves in a moment.")
    else:
        there = timezone.localtime(ready)
        parts = {"time": date_format(there, "TIME_FORMAT"), "zone": there.tzname()}
        text = _("We are packing your order. It leaves at about %(time)s (%(zone)s).") % parts
    late = _("Packing takes longer than usual. We keep at it, you need do nothing.")
    return Wait(text, late, ready)


def _way(facts: Facts) -> Stage:
    order = facts.order
    wait = Wait(
        _("The carrier is on the road."),
        _("The carrier has not told us yet that it has arrived. We keep asking."),
        order.shipped_at and order.shipped_at + settings.CARRIER_TRANSIT,
    )
    return Stage(
        rank=3,
        key="way",
        title=_("On its way"),
        at=order.delivered_at,
        wait=wait,
        done=_("The carrier has brought it."),
        began=order.shipped_at,
        parcels=facts.parcels,
    )


def _released(facts: Facts) -> Stage:
    done = _("It is yours. Nothing of it needs to be sent.")
    return Stage(2, "delivered", _("Yours"), facts.order.delivered_at, Wait(""), done)


def _delivered(facts: Facts) -> Stage:
    done = _("At your door.")
    return Stage(4, "delivered", _("Delivered"), facts.order.delivered_at, Wait(""), done)
