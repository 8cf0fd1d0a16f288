"""Allauth's adapter: mails are requested by an event, carts and orders of a guest are merged."""

from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from eventbus import emit, emits
from shop import email_addresses
from shop.accounts import merge_guest
from shop.accounts.customer_ids import customer_id
from shop.events import AccountMailRequested
from shop.ratelimit import client_address, lockout

#: Which mail allauth's template stands for, and where in its context the link is.
MAILS = {
    "account/email/email_confirmation": ("confirm_address", "activate_url"),
    "account/email/email_confirmation_signup": ("confirm_address", "activate_url"),
    "account/email/password_reset_key": ("reset_password", "password_reset_url"),
    "account/email/unknown_account": ("no_account", "signup_url"),
    "account/email/account_already_exists": ("account_exists", "password_reset_url"),
}


class AccountAdapter(DefaultAccountAdapter):
    """Allauth's hooks, with the shop's texts and events."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("E-mail or password: we do not know this pair."),
        "too_many_login_attempts": _(
            "Too many attempts with a wrong password. Please wait a few minutes."
        ),
        "enter_current_password": _("This is not your current password."),
        "incorrect_password": _("This is not your password."),
        "duplicate_email": _("This address is one of yours already."),
        "max_email_addresses": _("An account has up to %d addresses: remove one first."),
    }

    def clean_email(self, email: str) -> str:
        """Normalize an address. Raises `ValidationError` for one that no mail can reach."""
        return email_addresses.normalize(email)

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address.client_ip(request)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Authenticate; a right password counts as no attempt, even where it logs nobody in."""
        user = super().authenticate(request, **credentials)
        if user:
            lockout.clear_attempts(request, {lockout.login_name(request, credentials)})
        return user

    @emits(AccountMailRequested)
    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Emit that the mail is requested: a page never waits for a mail server."""
        kind, link = MAILS[template_prefix]
        with transaction.atomic():
            emit(
                AccountMailRequested(
                    customer_id=customer_id(context["user"]) if context.get("user") else "",
                    email=email,
                    kind=kind,
                    link=_at_shop_url(context[link]),
                    language=get_language() or settings.LANGUAGE_CODE,
                )
            )

    def confirm_email(self, request: HttpRequest, email_address: Any) -> bool:
        """Confirm the address, and claim the orders placed as a guest with it."""
        with transaction.atomic():
            confirmed = super().confirm_email(request, email_address)
            if confirmed:
                merge_guest.claim_orders(email_address.user)
        return confirmed

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """Merge the session's cart and the orders placed as a guest into the account."""
        merge_guest.merge_cart(request, user)
        merge_guest.claim_orders(user)
        return super().post_login(request, user, **kwargs)


def _at_shop_url(link: str) -> str:
    """Rewrite a link to SHOP_URL, whatever host name the request came with."""
    return f"{settings.SHOP_URL}{urlsplit(link).path}"
