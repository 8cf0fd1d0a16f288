"""What goes into the cart, and how much of it."""

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from catalogue.stock import Stock
from shop.storefront.cart import MOST_UNITS


def _quantity(initial: int | None = None) -> forms.IntegerField:
    wrong = format_lazy(_("Choose a quantity from 1 to {most}."), most=MOST_UNITS)
    return forms.IntegerField(
        label=_("Quantity"),
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
            raise forms.ValidationError(_("This has just been sold out."))
        return self.cleaned_data["quantity"]


class ChangeForm(forms.Form):
    """How many units of a line of the cart there are to be."""

    sku = forms.CharField(label=_("Article"), widget=forms.HiddenInput)
    quantity = _quantity()


class RemoveForm(forms.Form):
    """Which line is taken out of the cart."""

    sku = forms.CharField()
