"""Who wants to hear of something that is sold out."""

from django import forms
from django.utils.translation import gettext_lazy as _

from shop.storefront.forms.fields import MailboxField


class WishForm(forms.Form):
    """Where to write to."""

    email = MailboxField(
        label=_("Your e-mail address"),
        error_messages={
            "required": _("Enter the address we shall write to."),
            "invalid": _("Enter an address such as ada@example.com."),
            "max_length": _("Enter an address of at most 254 characters."),
        },
    )
