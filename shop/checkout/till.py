"""One look at the checkout: who stands there, what they chose, and what that costs."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from django.conf import settings

from billing.sandbox import TEST_CARDS
from orders.events import Card
from pricing.errors import PointsRefused, PromotionRefused
from pricing.services import Quote, quote
from shop import accounts
from shop.checkout import placing
from shop.checkout.delivery import METHODS, Method
from shop.ratelimit import limits
from shop.storefront import cart_view
from shop.storefront.cart_view import Line
from shop.storefront.forms import CheckoutForm


def cards_to_choose_from() -> Sequence[Any]:
    """The test cards; none where the processor's own page asks for a card."""
    return TEST_CARDS if settings.PAYMENT_GATEWAY == "sandbox" else ()


class Till:
    """The cart's lines with a form that was looked through, priced for whoever sends it."""

    def __init__(self, user: Any, lines: Sequence[Line], form: CheckoutForm) -> None:
        self.lines, self.form, self.chosen = lines, form, form.cleaned_data
        customer_id = accounts.customer_id(user) if user.is_authenticated else ""
        self.shopper = placing.shopper(customer_id, self.chosen.get("email", ""))

    @property
    def ships(self) -> bool:
        """Whether any of it needs to be shipped, and so an address and a delivery."""
        return cart_view.ships(self.lines)

    @property
    def method(self) -> Method:
        return METHODS[self.chosen.get("shipping") or CheckoutForm.AT_FIRST["shipping"]]

    @property
    def methods(self) -> list[Method]:
        return list(METHODS.values())

    @property
    def cards(self) -> Sequence[Any]:
        return cards_to_choose_from()

    @property
    def in_trouble(self) -> bool:
        return cart_view.has_problems(self.lines)

    @property
    def goods(self) -> str:
        return cart_view.fingerprint(self.lines)

    @cached_property
    def quote(self) -> Quote:
        """What it costs now. A code or points that are refused are left out, and named."""
        try:
            return quote(
                [line.priced for line in self.lines],
                **self.method.taxed_at(*map(self._chosen, ("country", "region", "postcode"))),
                shipping=self.method.cost,
                code=self.chosen.get("code", ""),
                points=self.chosen.get("points") or 0,
                # Whether an address has used a code is told with the order: anybody types any.
                shopper=replace(self.shopper, email=""),
            )
        except PromotionRefused as refusal:
            self.form.add_error("code", str(refusal))
        except PointsRefused as refusal:
            self.form.add_error("points", str(refusal))
        # The form has dropped what was refused.
        return self.quote

    def _chosen(self, field: str) -> str:
        return self.chosen.get(field) or ""

    def card(self) -> Card | None:
        """The card to pay by; None where none is needed here, or the form's errors tell why."""
        if not (self.quote.total and self.cards):
            return None
        return self.form.card(self.shopper.email, self.chosen.get("country", ""))

    def wish(self, card: Card | None, visitor: str) -> placing.Wish:
        """What was chosen, for a form that is valid; `visitor` is where they are."""
        chosen = self.form.cleaned_data
        return placing.Wish(
            key=chosen["key"],
            shopper=self.shopper,
            ship_to=self.form.address,
            shipping=self.method,
            card=card,
            total=chosen["total"],
            code=chosen["code"],
            points=chosen["points"] or 0,
            goods=chosen["goods"],
            visitor=limits.digest(visitor),
        )
