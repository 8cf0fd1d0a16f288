"""Tokens for programs that act for a customer."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from shop import accounts
from shop.accounts import tokens
from shop.storefront.forms import TokenForm
from shop.storefront.views import UNPROCESSABLE
from shop.storefront.views.account.guard import for_customers

#: In the session: a new token, until its page has shown it.
NEW = "new_token"


@require_http_methods(["GET", "HEAD", "POST"])
@for_customers
@reauthentication_required(app="allauth.account", allow_get=True)
def show(request: HttpRequest) -> HttpResponse:
    """Show the customer's tokens; sending the form makes one, which the page then shows once."""
    form = TokenForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _made(request, form):
        return redirect("storefront:tokens")
    context = {
        "form": form,
        "tokens": tokens.tokens_of(accounts.customer_id(request.user)),
        "new": request.session.pop(NEW, None),
    }
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "storefront/account/tokens.html", context, status=status)


@require_POST
@for_customers
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    mine = tokens.tokens_of(accounts.customer_id(request.user))
    token = get_object_or_404(mine, pk=pk)
    tokens.revoke_token(token)
    messages.success(request, _("The token “%(name)s” works no longer.") % {"name": token.name})
    return redirect("storefront:tokens")


def _made(request: HttpRequest, form: TokenForm) -> bool:
    try:
        request.session[NEW] = tokens.make_token(
            accounts.customer_id(request.user), form.cleaned_data["name"]
        )
    except tokens.TooManyTokens:
        most = {"most": tokens.MOST_TOKENS}
        form.add_error(None, _("You have %(most)s tokens: revoke one first.") % most)
        return False
    return True
