"""Ways into an account and out of it: allauth's views, kept by no cache."""

from typing import Any

from allauth.account import views
from django.db import transaction
from django.http import HttpResponse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from shop.ratelimit.limits import rate_limited
from shop.storefront.views import UNPROCESSABLE


class Refusing:
    """A form that is wrong is shown again, and says so in its status too."""

    @method_decorator(never_cache)
    def dispatch(self, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().dispatch(*args, **kwargs)  # type: ignore[misc]

    def form_invalid(self, form: Any) -> HttpResponse:
        response = super().form_invalid(form)  # type: ignore[misc]
        response.status_code = UNPROCESSABLE
        return response


class Mailing(Refusing):
    """A form that has a mail sent to an address that anybody may type."""

    @method_decorator(rate_limited("mailing"))
    def dispatch(self, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().dispatch(*args, **kwargs)


class Login(Refusing, views.LoginView):
    pass


class Logout(views.LogoutView):
    pass


class SignUp(Mailing, views.SignupView):
    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        """The account and the mail that leads into it are stated together."""
        return super().form_valid(form)


class Emails(Mailing, views.EmailView):
    pass


class ChangePassword(Refusing, views.PasswordChangeView):
    pass


class SetPassword(Refusing, views.PasswordSetView):
    pass


class ResetPassword(Mailing, views.PasswordResetView):
    pass


class NewPassword(Refusing, views.PasswordResetFromKeyView):
    def form_valid(self, form: Any) -> HttpResponse:
        """The session forgets the link once it is used."""
        response = super().form_valid(form)
        self.request.session.pop(views.INTERNAL_RESET_SESSION_KEY, None)
        return response


class Reauthenticate(Refusing, views.ReauthenticateView):
    pass
