"""What speaks against an order: each rule a function, all of them in `RULES`.

A rule sees the order and the latest earlier ones of the same e-mail, card or
customer, and answers with points of 100 and a reason, or with None.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from statistics import mean

from django.conf import settings

from fraud.models import Blocked, Finding, Screening

#: Earlier orders a customer needs before an amount can be unusual for them.
ENOUGH_TO_COMPARE = 3
DAY = timedelta(days=1)

Rule = Callable[[Screening, Sequence[Screening]], Finding | None]


def velocity(order: Screening, past: Sequence[Screening]) -> Finding | None:
    """Many orders by the same e-mail, card or customer in a short time."""
    count = 1 + len(_since(settings.FRAUD_VELOCITY_WINDOW, order, past))
    if count < settings.FRAUD_VELOCITY_ORDERS:
        return None
    return Finding(20, f"velocity: {count} orders within {settings.FRAUD_VELOCITY_WINDOW}")


def unusual_amount(order: Screening, past: Sequence[Screening]) -> Finding | None:
    """An amount far above what the same shopper spent before."""
    amounts = [
        other.amount
        for other in past
        if other.currency == order.currency and order.is_of_same_shopper(other)
    ]
    if len(amounts) < ENOUGH_TO_COMPARE:
        return None
    if order.amount < settings.FRAUD_AMOUNT_FACTOR * mean(amounts):
        return None
    return Finding(25, f"unusual amount: {order.amount}, before {mean(amounts):.2f} on average")


def foreign_card(order: Screening, past: Sequence[Screening]) -> Finding | None:
    """A card of one country, a parcel to another."""
    if not order.card_country or order.card_country == order.ship_country:
        return None
    return Finding(30, f"foreign card: from {order.card_country}, goods to {order.ship_country}")


def many_cards(order: Screening, past: Sequence[Screening]) -> Finding | None:
    """Many different cards of the same shopper within a day."""
    recent = [other for other in _since(DAY, order, past) if order.is_of_same_shopper(other)]
    cards = {order.fingerprint, *(other.fingerprint for other in recent)} - {""}
    if len(cards) < settings.FRAUD_CARDS_PER_DAY:
        return None
    return Finding(40, f"many cards: {len(cards)} within a day")


def known_bad(order: Screening, past: Sequence[Screening]) -> Finding | None:
    """An e-mail address or card that staff have blocked."""
    blocked = Blocked.among(order.email, order.fingerprint)
    if not blocked:
        return None
    return Finding(100, f"known bad: {'e-mail address' if order.email in blocked else 'card'}")


RULES: tuple[Rule, ...] = (velocity, unusual_amount, foreign_card, many_cards, known_bad)


def findings(order: Screening) -> list[Finding]:
    """Return what all rules have against the order."""
    past = order.past()
    return [finding for rule in RULES if (finding := rule(order, past))]


def _since(span: timedelta, order: Screening, past: Sequence[Screening]) -> list[Screening]:
    assert order.placed_at, "only a placed order is screened"
    since = order.placed_at - span
    return [other for other in past if other.placed_at and other.placed_at > since]
