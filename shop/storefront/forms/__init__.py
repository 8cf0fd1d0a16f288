"""What shoppers fill in. Every error names its field."""

from shop.storefront.forms.account import (
    AddEmailForm,
    ChangePasswordForm,
    LoginForm,
    NewPasswordForm,
    ProfileForm,
    ReauthenticateForm,
    ResetPasswordForm,
    SetPasswordForm,
    SignUpForm,
    TokenForm,
)
from shop.storefront.forms.address import AddressForm
from shop.storefront.forms.back_in_stock import BackInStockForm
from shop.storefront.forms.card import CardForm
from shop.storefront.forms.cart import AddForm, ChangeForm, RemoveForm
from shop.storefront.forms.checkout import CheckoutForm
from shop.storefront.forms.orders import PayAgainForm, ReturnForm

__all__ = [
    "AddEmailForm",
    "AddForm",
    "AddressForm",
    "BackInStockForm",
    "CardForm",
    "ChangeForm",
    "ChangePasswordForm",
    "CheckoutForm",
    "LoginForm",
    "NewPasswordForm",
    "PayAgainForm",
    "ProfileForm",
    "ReauthenticateForm",
    "RemoveForm",
    "ResetPasswordForm",
    "ReturnForm",
    "SetPasswordForm",
    "SignUpForm",
    "TokenForm",
]
