"""How a customer is called, and which language they read."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, translate_url
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods

from shop import accounts
from shop.accounts import profile
from shop.storefront.forms import ProfileForm
from shop.storefront.views import UNPROCESSABLE
from shop.storefront.views.account.guard import for_customers, owner


@require_http_methods(["GET", "HEAD", "POST"])
@for_customers
def show(request: HttpRequest) -> HttpResponse:
    user = owner(request)
    known = {
        "name": user.first_name,
        "language": profile.language_of(accounts.customer_id(user)),
    }
    form = ProfileForm(request.POST if request.method == "POST" else None, initial=known)
    if form.is_valid():
        profile.change(user, **form.cleaned_data)
        return _saved(request, form.cleaned_data["language"])
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "storefront/account/profile.html", {"form": form}, status=status)


def _saved(request: HttpRequest, language: str) -> HttpResponse:
    """Back to the page, in the language that was chosen."""
    with override(language):
        messages.success(request, _("Your profile is saved."))
    return redirect(translate_url(reverse("storefront:profile"), language))
