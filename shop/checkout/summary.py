"""A checkout as it is filled in so far: the cart's lines, what was chosen, and what that costs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import get_language

from billing.sandbox import TEST_CARDS
from eventbus import mailbox
from orders.events import Card, OrderDetails, OrderLine
from pricing.errors import PointsRefused, PromotionRefused
from pricing.services import Quote, QuotedLine, Shopper, quote
from shop import accounts
from shop.checkout.delivery import METHODS, Method
from shop.storefront import cart_view
from shop.storefront.cart_view import Line
from shop.storefront.forms import CheckoutForm
from shop.storefront.models import Points


def cards_to_choose_from() -> Sequence[Any]:
    """Return the test cards; none where the processor's own page asks for a card."""
    return TEST_CARDS if settings.PAYMENT_GATEWAY == "sandbox" else ()


def shopper_of(user: Any, email: str) -> Shopper:
    """Return who orders, with the points they have as far as is known here."""
    customer_id = accounts.customer_id(user) if user.is_authenticated else ""
    known = Points.objects.filter(pk=customer_id).first() if customer_id else None
    return Shopper(customer_id, mailbox(email), max(known.balance, 0) if known else 0)


def price(lines: Sequence[Line], chosen: Mapping[str, Any], shopper: Shopper) -> Quote:
    """Price the cart's lines with what was chosen, by the names of the form's fields.

    Raises `PromotionRefused` or `PointsRefused`.
    """
    method = _method(chosen)
    to = (chosen.get(name) or "" for name in ("country", "region", "postcode"))
    return quote(
        [line.priced for line in lines],
        **method.taxed_at(*to),
        shipping=method.cost,
        code=chosen.get("code", ""),
        points=chosen.get("points") or 0,
        shopper=shopper,
    )


def price_without_refused(
    lines: Sequence[Line], chosen: Mapping[str, Any], shopper: Shopper
) -> tuple[Quote, dict[str, str]]:
    """Price them as `price` does, without a code or points that are refused.

    Returns also why they are refused, by the names of the form's fields.
    """
    refused: dict[str, str] = {}
    while True:
        accepted = {name: value for name, value in chosen.items() if name not in refused}
        try:
            return price(lines, accepted, shopper), refused
        except PromotionRefused as refusal:
            refused["code"] = str(refusal)
        except PointsRefused as refusal:
            refused["points"] = str(refusal)


def _method(chosen: Mapping[str, Any]) -> Method:
    return METHODS[chosen.get("shipping") or CheckoutForm.AT_FIRST["shipping"]]


@dataclass(frozen=True)
class CheckoutSummary:
    """The cart's lines with a form that was looked through, priced for whoever sends it."""

    shopper: Shopper
    lines: Sequence[Line]
    form: CheckoutForm

    @classmethod
    def of(cls, user: Any, lines: Sequence[Line], form: CheckoutForm) -> "CheckoutSummary":
        return cls(shopper_of(user, form.cleaned_data.get("email", "")), lines, form)

    @property
    def chosen(self) -> dict[str, Any]:
        """Return everything in the form that is right so far."""
        return self.form.cleaned_data

    @property
    def ships(self) -> bool:
        """Tell whether any of it needs to be shipped, and so an address and a delivery."""
        return cart_view.ships(self.lines)

    @property
    def method(self) -> Method:
        return _method(self.chosen)

    @property
    def methods(self) -> list[Method]:
        return list(METHODS.values())

    @property
    def cards(self) -> Sequence[Any]:
        return cards_to_choose_from()

    @property
    def has_problems(self) -> bool:
        return cart_view.has_problems(self.lines)

    @property
    def goods(self) -> str:
        return cart_view.fingerprint(self.lines)

    @cached_property
    def quote(self) -> Quote:
        """Price it to be shown. A code or points that are refused are left out, and named."""
        # Whether an address has used a code is told with the order: anybody types any.
        anybody = replace(self.shopper, email="")
        quoted, refused = price_without_refused(self.lines, self.chosen, anybody)
        for name, text in refused.items():
            self.form.add_error(name, text)
        return quoted

    def quote_to_order(self) -> Quote:
        """Price it for whoever orders: once, while the cart is locked.

        Raises `PromotionRefused` or `PointsRefused`.
        """
        return price(self.lines, self.chosen, self.shopper)

    def card(self) -> Card | None:
        """Return the card to pay by.

        None where none is needed here, or the form's errors tell why. That there is nothing to
        pay is taken from the total that was shown: with another one nothing is ordered.
        """
        if not self.cards or self.chosen.get("total") == 0:
            return None
        return self.form.card(self.shopper.email, self.chosen.get("country", ""))

    def details(self, cart_id: UUID, quoted: Quote, card: Card | None) -> OrderDetails:
        """Put the order together; what was chosen is in it by the form's names."""
        numbered = enumerate(zip(self.lines, quoted.lines, strict=True), start=1)
        known = {
            name: value for name, value in self.chosen.items() if name in OrderDetails.model_fields
        }
        priced = {
            "shipping_cost": quoted.shipping,
            "discount": quoted.discount,
            "promotion": quoted.promotion,
            "tax": quoted.tax,
            "tax_included": quoted.tax_included,
            "taxes": quoted.taxes,
            "points": quoted.points,
            "points_value": quoted.points_value,
            "currency": settings.DEFAULT_CURRENCY,
        }
        return OrderDetails(
            **known | priced,
            customer_id=self.shopper.customer_id or None,
            cart_id=cart_id,
            lines=tuple(_order_line(number, *both) for number, both in numbered),
            ship_to=self.form.address,
            card=card,
            language=get_language() or settings.LANGUAGE_CODE,
        )


def _order_line(number: int, line: Line, quoted: QuotedLine) -> OrderLine:
    return OrderLine(
        line=number,
        sku=line.item.sku,
        title=line.item.title,
        quantity=line.item.quantity,
        unit_price=line.price.amount,
        discount=quoted.discount,
        tax_rate=quoted.tax_rate,
        tax=quoted.tax,
        requires_shipping=line.requires_shipping,
        backordered=line.later,
    )
