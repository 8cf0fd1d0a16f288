"""What shoppers fill in. Every error names its field."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm

from billing.sandbox import TEST_CARDS
from orders.events import Address
from shop.storefront import accounts
from shop.storefront.cart import MOST_UNITS
from shop.storefront.delivery import COUNTRIES, METHODS
from shop.storefront.stock import Stock


def _quantity(initial: int | None = None) -> forms.IntegerField:
    wrong = f"Choose a quantity from 1 to {MOST_UNITS}."
    return forms.IntegerField(
        min_value=1,
        max_value=MOST_UNITS,
        initial=initial,
        widget=forms.NumberInput({"inputmode": "numeric"}),
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), wrong),
    )


class AddForm(forms.Form):
    """How many units of the variant go into the cart."""

    quantity = _quantity(initial=1)

    def __init__(self, stock: Stock, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stock = stock

    def clean_quantity(self) -> int:
        if self.stock.sold_out:
            raise forms.ValidationError("This has just been sold out.")
        return self.cleaned_data["quantity"]


class ChangeForm(forms.Form):
    """How many units of a line of the cart there are to be."""

    sku = forms.CharField(widget=forms.HiddenInput)
    quantity = _quantity()


def _text(label: str, most: int, autocomplete: str) -> forms.CharField:
    widget = forms.TextInput({"autocomplete": autocomplete})
    return forms.CharField(label=label, max_length=most, widget=widget)


class CheckoutForm(forms.Form):
    """Where the order goes, how, and who pays."""

    #: for a parcel's label that fills in by itself
    SAMPLE = {
        "email": "ada@shop.example",
        "name": "Ada Sample",
        "line1": "12 Linden Street",
        "postcode": "1010",
        "city": "Vienna",
        "country": "AT",
    }

    email = forms.EmailField(
        label="E-mail", widget=forms.EmailInput({"autocomplete": "email"}), max_length=254
    )
    name = _text("Full name", 100, "name")
    line1 = _text("Street and number", 200, "address-line1")
    postcode = _text("Postcode", 20, "postal-code")
    city = _text("Town", 100, "address-level2")
    country = forms.ChoiceField(
        label="Country",
        choices=[("", "Choose a country"), *COUNTRIES],
        widget=forms.Select({"autocomplete": "country"}),
    )
    shipping = forms.ChoiceField(
        label="Delivery",
        choices=[(method.code, method.name) for method in METHODS.values()],
        widget=forms.RadioSelect,
        initial="standard",
    )
    test_card = forms.ChoiceField(
        label="Test card",
        choices=[(card.number, card.happens) for card in TEST_CARDS],
        widget=forms.RadioSelect,
        initial=TEST_CARDS[0].number,
        required=False,
    )
    card_number = forms.CharField(
        label="Or type a card number",
        max_length=40,
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "inputmode": "numeric"}),
    )
    #: one order, however often the form is sent
    key = forms.UUIDField(widget=forms.HiddenInput)
    #: what the shopper saw; only ever compared with what things cost
    goods_total = forms.DecimalField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not (cleaned.get("card_number") or cleaned.get("test_card")):
            self.add_error("card_number", "Choose a test card, or type its number.")
        return cleaned

    @property
    def number(self) -> str:
        """The card's number as typed, or else as chosen."""
        return self.cleaned_data["card_number"] or self.cleaned_data["test_card"]

    @property
    def address(self) -> Address:
        return Address(**{name: self.cleaned_data[name] for name in Address.model_fields})


class ReturnForm(forms.Form):
    """How many units of each line go back, for an order with `back` on its lines."""

    reason = forms.CharField(
        label="Why? (if you like)", max_length=200, required=False, widget=forms.TextInput
    )

    def __init__(self, order: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for line in order.lines.all():
            self.fields[f"line-{line.line}"] = _units_back(line.title, line.quantity - line.back)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not self.units:
            raise forms.ValidationError("Quantity: choose how many units of what go back.")
        return cleaned

    @property
    def units(self) -> dict[int, int]:
        """Units by line number, of the lines that go back."""
        named = {n: u for n, u in self.cleaned_data.items() if n.startswith("line-") and u}
        return {int(name.removeprefix("line-")): units for name, units in named.items()}

    @property
    def quantities(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("line-")]


def _units_back(title: str, left: int) -> forms.IntegerField:
    wrong = f"Choose 0 to {left}."
    return forms.IntegerField(
        label=title,
        min_value=0,
        max_value=left,
        required=False,
        disabled=not left,
        initial=0,
        help_text=f"of {left}" if left else "all back",
        widget=forms.NumberInput({"inputmode": "numeric"}),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), wrong),
    )


class LoginForm(AuthenticationForm):
    """Logging in by e-mail address."""

    username = forms.EmailField(
        label="E-mail", widget=forms.EmailInput({"autocomplete": "username", "autofocus": True})
    )
    error_messages = {
        "invalid_login": "E-mail or password: we do not know this pair.",
        "inactive": "E-mail: this account is closed.",
    }

    def clean_username(self) -> str:
        return self.cleaned_data["username"].lower()


class SignUpForm(forms.Form):
    """Opening an account."""

    name = _text("Name", 150, "name")
    email = forms.EmailField(
        label="E-mail", max_length=150, widget=forms.EmailInput({"autocomplete": "email"})
    )
    password = forms.CharField(
        label="Password",
        min_length=8,
        max_length=200,
        strip=False,
        help_text="At least 8 characters.",
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def open_account(self) -> Any:
        """The new user; None when it could not be, which the form's errors then tell."""
        try:
            return accounts.register(
                self.cleaned_data["email"], self.cleaned_data["password"], self.cleaned_data["name"]
            )
        except accounts.AlreadyRegistered:
            self.add_error("email", "There is an account for this address already.")
            return None
