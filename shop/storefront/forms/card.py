"""A card of the sandbox's, chosen or typed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing import services as billing
from billing.errors import CardInvalid
from billing.sandbox import TEST_CARDS
from orders.events import Card

#: Which of our fields a refused card means.
FIELDS = {"number": "card_number", "expiry": "card_expiry", "cvc": "card_cvc"}


def _digits(label: Any, most: int, **attrs: Any) -> forms.CharField:
    widget = forms.TextInput({"autocomplete": "off", "inputmode": "numeric", **attrs})
    return forms.CharField(label=label, max_length=most, required=False, widget=widget)


class CardForm(forms.Form):
    """By which card is paid."""

    test_card = forms.ChoiceField(
        label=_("Test card"),
        choices=[(card.number, card.happens) for card in TEST_CARDS],
        widget=forms.RadioSelect,
        initial=TEST_CARDS[0].number,
        required=False,
    )
    card_number = _digits(_("Or type a card number"), 40)
    card_expiry = _digits(_("Valid until (if you like)"), 10, placeholder=_("MM/YY"))
    card_cvc = _digits(_("Security code (if you like)"), 10)

    def card(self, holder: str, country: str) -> Card | None:
        """Return the token of the card of a valid form, else None: the errors tell why."""
        number, expiry, cvc, chosen = (
            self.cleaned_data.get(name, "")
            for name in ("card_number", "card_expiry", "card_cvc", "test_card")
        )
        if not (number or chosen):
            self.add_error("card_number", _("Choose a test card, or type its number."))
            return None
        try:
            return billing.tokenize(number or chosen, expiry, cvc, holder=holder, country=country)
        except CardInvalid as error:
            for field, text in error.errors.items():
                self.add_error(FIELDS[field], text)
            return None
