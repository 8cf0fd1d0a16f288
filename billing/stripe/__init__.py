"""Stripe: the card is typed on Stripe's own page, and no number of it ever comes here.

A hold begins with a Checkout Session, which billing sees as a challenge with an
address. What becomes of it Stripe tells by a signed message, of which only the
fact is kept (`notices`); billing reacts to that and asks (`processor`).
"""

from billing.stripe.processor import StripeProcessor

__all__ = ["StripeProcessor"]
