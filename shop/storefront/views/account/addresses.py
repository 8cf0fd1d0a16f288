"""The addresses one keeps."""

from django.contrib import messages
from django.forms import model_to_dict
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shop import accounts
from shop.accounts import addresses
from shop.storefront.forms.saved_address import SavedAddressForm
from shop.storefront.models import SavedAddress
from shop.storefront.views import UNPROCESSABLE
from shop.storefront.views.account.guard import for_customers, owner


@require_safe
@for_customers
def show(request: HttpRequest) -> HttpResponse:
    mine = addresses.addresses_of(accounts.customer_id(request.user))
    return render(request, "storefront/account/addresses.html", {"addresses": mine})


@require_http_methods(["GET", "HEAD", "POST"])
@for_customers
def add(request: HttpRequest) -> HttpResponse:
    form = SavedAddressForm(
        request.POST if request.method == "POST" else None,
        initial={"name": owner(request).first_name, **_chosen(request)},
    )
    if form.is_valid() and _added(request, form):
        return _saved(request)
    return _page(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
@for_customers
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    saved = _mine(request, pk)
    form = SavedAddressForm(
        request.POST if request.method == "POST" else None,
        initial={**model_to_dict(saved), **_chosen(request)},
    )
    if form.is_valid():
        addresses.change(saved, form.address, is_default=form.cleaned_data["is_default"])
        return _saved(request)
    return _page(request, form)


@require_POST
@for_customers
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    _mine(request, pk).delete()
    messages.success(request, _("The address is deleted."))
    return redirect("storefront:addresses")


def _chosen(request: HttpRequest) -> dict[str, str]:
    """Return the country whose fields are asked for, where one is."""
    return {"country": request.GET["country"]} if "country" in request.GET else {}


def _added(request: HttpRequest, form: SavedAddressForm) -> bool:
    try:
        addresses.keep(
            accounts.customer_id(request.user),
            form.address,
            is_default=form.cleaned_data["is_default"],
        )
    except addresses.TooManyAddresses:
        most = {"most": addresses.MOST_ADDRESSES}
        form.add_error(None, _("You keep %(most)s addresses: delete one first.") % most)
        return False
    return True


def _mine(request: HttpRequest, pk: int) -> SavedAddress:
    return get_object_or_404(addresses.addresses_of(accounts.customer_id(request.user)), pk=pk)


def _saved(request: HttpRequest) -> HttpResponse:
    messages.success(request, _("The address is saved."))
    return redirect("storefront:addresses")


def _page(request: HttpRequest, form: SavedAddressForm) -> HttpResponse:
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "storefront/account/address.html", {"form": form}, status=status)
