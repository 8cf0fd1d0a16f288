"""What a shopper asks about an order."""

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop.storefront.forms.card import CardForm
from shop.storefront.forms.fields import LineField

WHY = {
    "mind": gettext_lazy("I have changed my mind"),
    "size": gettext_lazy("It does not fit"),
    "damaged": gettext_lazy("It is damaged or does not work"),
    "wrong": gettext_lazy("It is not what I ordered"),
    "described": gettext_lazy("It is not as described"),
    "other": gettext_lazy("Something else"),
}


class PayAgainForm(CardForm):
    """Another card, for an order whose card was refused."""

    #: which attempt the shopper saw refused
    attempt = forms.IntegerField(
        label=gettext_lazy("Attempt"), min_value=1, max_value=1000, widget=forms.HiddenInput
    )


class ReturnForm(forms.Form):
    """How many units of each line go back, for an order with `back` on its lines."""

    why = forms.ChoiceField(
        label=gettext_lazy("Why?"), choices=[("", gettext_lazy("Please choose")), *WHY.items()]
    )
    note = LineField(
        label=gettext_lazy("What else should we know? (if you like)"),
        max_length=140,
        required=False,
        widget=forms.TextInput,
    )

    def __init__(self, order: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for line in order.lines.all():
            self.fields[f"line-{line.line}"] = _units_back(line.title, line.left)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not self.units:
            raise forms.ValidationError(_("Quantity: choose how many units of what go back."))
        return cleaned

    @property
    def units(self) -> dict[int, int]:
        """Units by line number, of the lines that go back."""
        named = {n: u for n, u in self.cleaned_data.items() if n.startswith("line-") and u}
        return {int(name.removeprefix("line-")): units for name, units in named.items()}

    @property
    def reason(self) -> str:
        """Why they go back, in the shopper's words."""
        why = str(WHY[self.cleaned_data["why"]])
        return ": ".join(filter(None, (why, self.cleaned_data["note"])))

    @property
    def quantities(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("line-")]


def _units_back(title: str, left: int) -> forms.IntegerField:
    wrong = format_lazy(gettext_lazy("Choose 0 to {most}."), most=left)
    of = format_lazy(gettext_lazy("of {most}"), most=left)
    return forms.IntegerField(
        label=title,
        min_value=0,
        max_value=left,
        required=False,
        disabled=not left,
        initial=0,
        help_text=of if left else gettext_lazy("all back"),
        widget=forms.NumberInput({"inputmode": "numeric"}),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), wrong),
    )
