"""Who wants to hear of something that is sold out."""

from django import forms
from django.utils.translation import gettext_lazy as _


class WishForm(forms.Form):
    """Where to write to."""

    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email"}),
        error_messages={
            "required": _("Enter the address we shall write to."),
            "invalid": _("Enter an address such as ada@example.com."),
            "max_length": _("Enter an address of at most 254 characters."),
        },
    )
