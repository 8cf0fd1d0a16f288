"""Login, logout, registration, passwords and addresses: allauth's views, kept by no cache."""

from typing import Any

from allauth.account import views
from django.db import transaction
from django.http import HttpResponse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from shop.ratelimit.limits import rate_limited
from shop.storefront.views import UNPROCESSABLE


class UnprocessableIfInvalid:
    """Answers an invalid form with 422."""

    @method_decorator(never_cache)
    def dispatch(self, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().dispatch(*args, **kwargs)  # type: ignore[misc]

    def form_invalid(self, form: Any) -> HttpResponse:
        response = super().form_invalid(form)  # type: ignore[misc]
        response.status_code = UNPROCESSABLE
        return response


class SendsMail(UnprocessableIfInvalid):
    """Limits how often a form is sent that has a mail sent to an address anybody may type."""

    @method_decorator(rate_limited("mailing"))
    def dispatch(self, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().dispatch(*args, **kwargs)


class Login(UnprocessableIfInvalid, views.LoginView):
    pass


class Logout(views.LogoutView):
    pass


class SignUp(SendsMail, views.SignupView):
    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        """Create the account and emit the request of its mail in one transaction."""
        return super().form_valid(form)


class Emails(SendsMail, views.EmailView):
    pass


class ChangePassword(UnprocessableIfInvalid, views.PasswordChangeView):
    pass


class SetPassword(UnprocessableIfInvalid, views.PasswordSetView):
    pass


class ResetPassword(SendsMail, views.PasswordResetView):
    pass


class NewPassword(UnprocessableIfInvalid, views.PasswordResetFromKeyView):
    def form_valid(self, form: Any) -> HttpResponse:
        """Set the password, and take the link's key out of the session once it is used."""
        response = super().form_valid(form)
        self.request.session.pop(views.INTERNAL_RESET_SESSION_KEY, None)
        return response


class Reauthenticate(UnprocessableIfInvalid, views.ReauthenticateView):
    pass
