"""The form of a request for a back-in-stock alert."""

from django import forms
from django.utils.translation import gettext_lazy as _

from shop.storefront.forms.fields import MailboxField


class BackInStockForm(forms.Form):
    """The address that the alert is sent to."""

    email = MailboxField(
        label=_("Your e-mail address"),
        error_messages={
            "required": _("Enter the address we shall write to."),
            "invalid": _("Enter an address such as ada@example.com."),
            "max_length": _("Enter an address of at most 254 characters."),
        },
    )
