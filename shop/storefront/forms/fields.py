"""Fields that several forms have."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

#: What no keyboard types: it would reach parcel labels, mails, invoices and logs.
no_control_characters = RegexValidator(
    r"[\x00-\x1f\x7f-\x9f]",
    _("There is a character in it that cannot be read: please type it anew."),
    inverse_match=True,
)


class LineField(forms.CharField):
    """One line of text: a line break in it is a space."""

    default_validators = [no_control_characters]

    def to_python(self, value: Any) -> str:
        return " ".join((super().to_python(value) or "").split())


def text(label: Any, most: int, autocomplete: str, *, required: bool = True) -> LineField:
    """A line of text with a limit, which browsers may fill in."""
    widget = forms.TextInput({"autocomplete": autocomplete})
    return LineField(label=label, max_length=most, widget=widget, required=required)
