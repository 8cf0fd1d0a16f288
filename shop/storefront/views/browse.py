"""Looking around: home, categories, products."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from shop.catalogue.models import Image, Product
from shop.storefront import brand, cart, offers, session
from shop.storefront.forms import AddForm
from shop.storefront.shelves import Shelves
from shop.storefront.views import UNPROCESSABLE

#: Products on the first page, and on each page of a list.
NEWEST, PER_PAGE = 12, 24


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    # What has no picture, such as the stock codes of a replayed day, comes last.
    pictured = Exists(Image.objects.filter(product=OuterRef("pk")))
    newest = offers.on_sale().order_by(pictured.desc(), "-created", "id")[:NEWEST]
    return render(
        request,
        "storefront/home.html",
        {
            "claim": brand.CLAIM,
            "shelves": list(Shelves().with_pictures()),
            "offers": sorted(offers.offers(newest), key=lambda offer: offer.stock.sold_out),
        },
    )


@require_GET
def products(request: HttpRequest) -> HttpResponse:
    return render(request, "storefront/category.html", _listed(request, offers.on_sale()))


@require_GET
def category(request: HttpRequest, slug: str) -> HttpResponse:
    shelves = Shelves()
    shown = shelves.called(slug)
    if shown is None:
        raise Http404(f"There is no category {slug}.")
    within = offers.on_sale().filter(category__in=shelves.family(shown))
    context = {
        "category": shown,
        "path": shelves.path_to(shown),
        "within": shelves.within(shown),
        **_listed(request, within),
    }
    return render(request, "storefront/category.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def product(request: HttpRequest, handle: str, sku: str | None = None) -> HttpResponse:
    """One product in one variant; sending its form puts units of that into the cart."""
    page = offers.page(handle, sku)
    if page is None:
        raise Http404(f"There is no product {handle} {sku or ''}".strip() + ".")
    form = AddForm(page.stock, request.POST if request.method == "POST" else None)
    if form.is_valid() and _put_into_cart(request, page, form):
        return redirect("storefront:cart")
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "storefront/product.html", _product(page, form), status=status)


def _put_into_cart(request: HttpRequest, page: offers.Page, form: AddForm) -> bool:
    try:
        cart.add(session.cart_to_fill(request), page.variant.sku, form.cleaned_data["quantity"])
    except cart.CartRefusal as refusal:
        form.add_error("quantity", str(refusal))
        return False
    messages.success(request, f"{page.variant} is in your cart.")
    return True


def _product(page: offers.Page, form: AddForm) -> dict[str, Any]:
    shelf = page.product.category
    path = [*Shelves().path_to(shelf), shelf] if shelf else []
    return {"page": page, "form": form, "path": path}


def _listed(request: HttpRequest, products: QuerySet[Product]) -> dict[str, Any]:
    """A page of products, with what the template needs to turn pages."""
    pages: Paginator = Paginator(products, PER_PAGE)
    page: Page = pages.get_page(request.GET.get("page"))
    return {"page": page, "offers": offers.offers(page.object_list)}
