"""Fields that several forms have."""

from typing import Any

from django import forms


def text(label: Any, most: int, autocomplete: str, *, required: bool = True) -> forms.CharField:
    """A line of text with a limit, which browsers may fill in."""
    widget = forms.TextInput({"autocomplete": autocomplete})
    return forms.CharField(label=label, max_length=most, widget=widget, required=required)
