"""Everything an order needs to know."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.sandbox import TEST_CARDS
from shop.checkout.delivery import METHODS
from shop.storefront.forms.address import AddressForm
from shop.storefront.forms.card import CardForm
from shop.storefront.forms.fields import MailboxField

#: What is said at once of a form that is not complete yet.
LIVE = ("code", "points")
#: What is not remembered for when the shopper comes back.
NOT_KEPT = {*CardForm.base_fields, "key", "total", "goods"}
#: What checkout.html has a place for; any other field is shown above the codes.
PLACED = {
    *CardForm.base_fields,
    *AddressForm.base_fields,
    *("email", "remind", "shipping", "code", "points", "key", "total", "goods"),
}
#: What is asked only where something is shipped.
SHIPPED = frozenset({"name", "line1", "line2", "postcode", "city", "shipping"})
MOST_POINTS = 10**9
CHANGED = _("The total has changed. Please look at it, and order again if you agree.")


class CheckoutForm(CardForm, AddressForm):
    """Who orders, where it goes and how, and what makes it cheaper.

    `unfinished` is for a form that is only looked through: nothing is required,
    and what is wrong with the rest is not said yet. Without anything that `ships` nobody asks
    where it goes and how, but for the country, by which it is taxed.
    """

    #: what is chosen before anybody chooses
    AT_FIRST = {"shipping": "standard", "test_card": TEST_CARDS[0].number}
    #: for a parcel's label that fills in by itself
    SAMPLE = {
        "email": "ada@shop.example",
        "name": "Ada Sample",
        "line1": "12 Linden Street",
        "postcode": "1010",
        "city": "Vienna",
        "country": "AT",
    }

    email = MailboxField(label=_("E-mail"))
    remind = forms.BooleanField(label=_("Remind me by mail if I leave my cart"), required=False)
    shipping = forms.ChoiceField(
        label=_("Delivery"),
        choices=[(method.code, method.name) for method in METHODS.values()],
        widget=forms.RadioSelect,
    )
    code = forms.CharField(
        label=_("Promotion code"),
        max_length=40,
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters"}),
    )
    points = forms.IntegerField(
        label=_("Points to spend"),
        min_value=0,
        max_value=MOST_POINTS,
        required=False,
        widget=forms.NumberInput({"inputmode": "numeric"}),
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), _("Choose how many points, from 0 on.")
        ),
    )
    #: one order, however often the form is sent
    key = forms.UUIDField(label=_("Key"), widget=forms.HiddenInput)
    #: what the shopper saw; only ever compared with what the order costs
    total = forms.DecimalField(
        label=_("Total"),
        max_digits=14,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("max_digits", "max_whole_digits"), CHANGED),
    )
    goods = forms.CharField(label=_("Goods"), widget=forms.HiddenInput, required=False)

    field_order = ["email", "remind", "country", "name", "line1", "line2", "postcode", "city"]

    def __init__(
        self, *args: Any, unfinished: bool = False, ships: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if not ships:
            for name in SHIPPED & set(self.fields):
                del self.fields[name]
            if "region" in self.fields:
                self.fields["region"].required = False
        if unfinished:
            for field in self.fields.values():
                field.required = False
            self.full_clean()
            for name in set(self.errors) - set(LIVE):
                del self.errors[name]

    @property
    def further(self) -> list[forms.BoundField]:
        """Return the fields that the page has no place of its own for."""
        return [field for field in self if field.name not in PLACED]

    @property
    def kept(self) -> dict[str, str]:
        """What is filled in so far and right, as it is typed; never a card."""
        kept = set(self.fields) - NOT_KEPT
        return {name: str(self.cleaned_data[name]) for name in kept if self.cleaned_data.get(name)}
