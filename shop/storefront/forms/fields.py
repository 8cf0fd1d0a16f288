"""Fields that several forms have."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from shop import email_addresses

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


class MailboxField(forms.EmailField):
    """An e-mail address that mail can be sent to, as the shop keeps it."""

    default_validators = [email_addresses.check]

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.EmailInput({"autocomplete": "email"}))
        # What counts is its length on the wire, which `check` knows.
        super().__init__(**{**kwargs, "max_length": None})

    def clean(self, value: Any) -> str:
        cleaned = super().clean(value)
        return email_addresses.normalize(cleaned) if cleaned else cleaned


def text(label: Any, most: int, autocomplete: str, *, required: bool = True) -> LineField:
    """Return a line of text with a limit, which browsers may fill in."""
    widget = forms.TextInput({"autocomplete": autocomplete})
    return LineField(label=label, max_length=most, widget=widget, required=required)
