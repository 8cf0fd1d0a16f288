"""Opening an account, logging in, and what one's account is kept with."""

from typing import Any

from allauth.account import forms as allauth
from django import forms
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from shop import accounts
from shop.storefront.forms.fields import MailboxField, text

EMAIL, PASSWORD, NEW_PASSWORD = _("E-mail"), _("Password"), _("New password")
ENOUGH = _("At least 8 characters, and none of the passwords everybody uses.")


class InOurWords:
    """Allauth's form with labels instead of placeholders, and one field for a new password.

    Passwords are pasted or shown, not typed twice.
    """

    fields: dict[str, forms.Field]
    labels: dict[str, Any] = {}
    help_texts: dict[str, Any] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("password2", None)
        for name, field in self.fields.items():
            if isinstance(field, forms.EmailField):
                field = self.fields[name] = MailboxField(widget=field.widget)
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            field.help_text = self.help_texts.get(name, "")


class LoginForm(InOurWords, allauth.LoginForm):
    """Logging in by e-mail address."""

    labels = {"login": EMAIL, "password": PASSWORD}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class SignUpForm(InOurWords, allauth.SignupForm):
    """Opening an account. Its answer is the same whether the address has one already or not."""

    name = text(_("Name"), 150, "name")
    field_order = ["name", "email", "password1"]
    labels = {"email": EMAIL, "password1": PASSWORD}
    help_texts = {"password1": ENOUGH}

    def validate_unique_email(self, email: str) -> str:
        self.account_already_exists = accounts.is_taken(email)
        return email

    def try_save(self, request: HttpRequest) -> tuple[Any, Any]:
        if not self.account_already_exists:
            try:
                return self.save(request), None
            except accounts.AlreadyRegistered:
                self.account_already_exists = True
        # Takes the time that opening an account takes.
        make_password(self.cleaned_data["password1"])
        return super().try_save(request)

    def save(self, request: HttpRequest) -> Any:
        given = self.cleaned_data
        language = get_language() or settings.LANGUAGE_CODE
        return accounts.register(given["email"], given["password1"], given["name"], language)


class ReauthenticateForm(InOurWords, allauth.ReauthenticateForm):
    """Showing that one knows the account's password."""

    labels = {"password": PASSWORD}


class AddEmailForm(InOurWords, allauth.AddEmailForm):
    labels = {"email": _("Another e-mail address")}


class ChangePasswordForm(InOurWords, allauth.ChangePasswordForm):
    labels = {"oldpassword": _("Current password"), "password1": NEW_PASSWORD}
    help_texts = {"password1": ENOUGH}


class SetPasswordForm(InOurWords, allauth.SetPasswordForm):
    labels = {"password1": NEW_PASSWORD}
    help_texts = {"password1": ENOUGH}


class ResetPasswordForm(InOurWords, allauth.ResetPasswordForm):
    labels = {"email": EMAIL}


class NewPasswordForm(InOurWords, allauth.ResetPasswordKeyForm):
    labels = {"password1": NEW_PASSWORD}
    help_texts = {"password1": ENOUGH}


class ProfileForm(forms.Form):
    """How a customer is called, and what they read."""

    name = text(_("Name"), 150, "name")
    language = forms.ChoiceField(
        label=_("Language"),
        choices=settings.LANGUAGES,
        help_text=_("Of these pages, and of our mails to you."),
        widget=forms.Select({"translate": "no"}),
    )


class TokenForm(forms.Form):
    """What a new token is for."""

    name = text(_("What is it for?"), 100, "off")
