"""Confirming an e-mail address by the link in a mail.

Whoever has the link can read the address's mails; whether they opened the account is another
question. Somebody else may have opened it with their address, and would take over what they
ordered as a guest. So the link counts in the browser in which the account was opened, and
elsewhere together with the account's password.
"""

from typing import Any

from allauth.account.internal.constants import LoginStageKey
from allauth.account.models import EmailAddress
from allauth.account.stages import LoginStageController
from allauth.account.utils import perform_login
from allauth.account.views import ConfirmEmailView
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from shop.storefront.forms import ReauthenticateForm
from shop.storefront.views import UNPROCESSABLE


@method_decorator(never_cache, name="dispatch")
class ConfirmAddress(ConfirmEmailView):
    form: ReauthenticateForm | None = None

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().get(*args, **kwargs)
        if self.object is None:
            response.status_code = 404
        return response

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            self.object = self.get_object()
        except Http404:
            return self.get(*args, **kwargs)
        address = self.object.email_address
        if opened_here(self.request, address):
            return super().post(*args, **kwargs)
        self.form = ReauthenticateForm(self.request.POST, user=address.user)
        if not self.form.is_valid():
            return self.render_to_response(self.get_context_data(), status=UNPROCESSABLE)
        return self._let_in(super().post(*args, **kwargs), address)

    def logout_other_user(self, confirmation: Any) -> None:
        """Log nobody out by a link: the password is asked instead."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if self.object and self.form is None:
            address = self.object.email_address
            if not opened_here(self.request, address):
                self.form = ReauthenticateForm(user=address.user)
        return super().get_context_data(form=self.form, **kwargs)

    def _let_in(self, confirmed: HttpResponse, address: EmailAddress) -> HttpResponse:
        """Log in who has just given the right password."""
        if self.request.user.is_authenticated:
            return confirmed
        return perform_login(self.request, address.user)


def opened_here(request: HttpRequest, address: EmailAddress) -> bool:
    """Return whether the account was opened, or the right password given, in this browser."""
    if request.user.is_authenticated:
        return request.user.pk == address.user_id
    stage = LoginStageController.enter(request, LoginStageKey.VERIFY_EMAIL.value)
    return bool(stage and stage.login.user and stage.login.user.pk == address.user_id)
