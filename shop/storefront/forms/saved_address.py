"""An address for the next order."""

from django import forms
from django.utils.translation import gettext_lazy as _

from shop.storefront.forms.address import AddressForm


class SavedAddressForm(AddressForm):
    """An address a customer keeps."""

    is_default = forms.BooleanField(label=_("Use it unless I choose another"), required=False)
