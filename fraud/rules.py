"""What speaks against an order: each rule a function, all of them in `RULES`.

A rule sees the order and what is known beside it, and answers with points of 100 and a reason,
or with None.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import timedelta
from statistics import mean
from typing import NamedTuple
from uuid import UUID

from django.conf import settings

from fraud.history import Earlier, earlier_than
from fraud.models import Blocked, Finding, Screening

#: Earlier orders a customer needs before an amount can be unusual for them.
ENOUGH_TO_COMPARE = 3
DAY = timedelta(days=1)


class Known(NamedTuple):
    """What is known beside the order itself."""

    #: the latest earlier orders of the same e-mail, card or customer
    past: Sequence[Earlier]
    #: addresses and cards that staff have blocked
    blocked: Collection[str]


Rule = Callable[[Screening, Known], Finding | None]


def velocity(order: Screening, known: Known) -> Finding | None:
    """Many orders by the same e-mail, card or customer in a short time."""
    count = 1 + len(_since(settings.FRAUD_VELOCITY_WINDOW, order, known.past))
    if count < settings.FRAUD_VELOCITY_ORDERS:
        return None
    return Finding(20, f"velocity: {count} orders within {settings.FRAUD_VELOCITY_WINDOW}")


def unusual_amount(order: Screening, known: Known) -> Finding | None:
    """An amount far above what the same shopper spent before."""
    amounts = [
        other.amount
        for other in known.past
        if other.currency == order.currency and _is_of_same_shopper(order, other)
    ]
    if len(amounts) < ENOUGH_TO_COMPARE:
        return None
    if order.amount < settings.FRAUD_AMOUNT_FACTOR * mean(amounts):
        return None
    return Finding(25, f"unusual amount: {order.amount}, before {mean(amounts):.2f} on average")


def foreign_card(order: Screening, known: Known) -> Finding | None:
    """A card of one country, a parcel to another."""
    if not order.card_country or order.card_country == order.ship_country:
        return None
    return Finding(30, f"foreign card: from {order.card_country}, goods to {order.ship_country}")


def many_cards(order: Screening, known: Known) -> Finding | None:
    """Many different cards of the same shopper within a day."""
    recent = [
        other for other in _since(DAY, order, known.past) if _is_of_same_shopper(order, other)
    ]
    cards = {order.fingerprint, *(other.fingerprint for other in recent)} - {""}
    if len(cards) < settings.FRAUD_CARDS_PER_DAY:
        return None
    return Finding(40, f"many cards: {len(cards)} within a day")


def known_bad(order: Screening, known: Known) -> Finding | None:
    """An e-mail address or card that staff have blocked."""
    if order.email in known.blocked:
        return Finding(100, "known bad: e-mail address")
    if order.fingerprint in known.blocked:
        return Finding(100, "known bad: card")
    return None


RULES: tuple[Rule, ...] = (velocity, unusual_amount, foreign_card, many_cards, known_bad)


def findings(orders: Collection[Screening]) -> dict[UUID, list[Finding]]:
    """Return what all rules have against each order, in two queries for all."""
    past = earlier_than(orders)
    names = {name for order in orders for name in (order.email, order.fingerprint)}
    blocked = Blocked.find(*names)
    return {
        order.order_id: _findings(order, Known(past[order.order_id], blocked)) for order in orders
    }


def _findings(order: Screening, known: Known) -> list[Finding]:
    return [finding for rule in RULES if (finding := rule(order, known))]


def _since(span: timedelta, order: Screening, past: Sequence[Earlier]) -> list[Earlier]:
    assert order.placed_at, "only a placed order is screened"
    since = order.placed_at - span
    return [other for other in past if other.placed_at > since]


def _is_of_same_shopper(order: Screening, other: Earlier) -> bool:
    """Return whether e-mail or account are the same, whatever the card."""
    same_account = bool(order.customer_id) and order.customer_id == other.customer_id
    same_address = bool(order.email) and order.email == other.email
    return same_account or same_address
