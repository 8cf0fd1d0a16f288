"""Looking around: home, categories, products."""

from typing import Any

from django.contrib import messages
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from catalogue.category_tree import CategoryTree
from catalogue.models import Category
from catalogue.search.categories import with_pictures
from catalogue.search.models import Listing
from shop.storefront import brand, cart, cart_session, language_redirect, product_page, seo
from shop.storefront.forms import AddForm, BackInStockForm
from shop.storefront.product_list import ProductList
from shop.storefront.views import UNPROCESSABLE

#: Products on the first page.
NEWEST = 12


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    if (theirs := language_redirect.localized_url(request)) != request.get_full_path():
        return redirect(theirs)
    # What has no picture, such as the stock codes of a replayed day, comes last.
    plain = ExpressionWrapper(Q(picture_src=""), BooleanField())
    newest = Listing.objects.order_by(plain, "-created", "product_id").defer("words")[:NEWEST]
    context = {
        "claim": brand.CLAIM,
        "shelves": list(with_pictures()),
        "offers": sorted(newest, key=lambda listing: listing.stock.sold_out),
        "seo": seo.Seo(reverse("storefront:home"), data=[seo.website()]),
    }
    return render(request, "storefront/home.html", context)


@require_safe
def products(request: HttpRequest) -> HttpResponse:
    product_list = ProductList(request, CategoryTree(), None)
    context = {
        "product_list": product_list,
        "title": _title(product_list),
        **_findable(product_list, []),
    }
    return render(request, "storefront/category.html", context)


@require_safe
def category(request: HttpRequest, slug: str) -> HttpResponse:
    tree = CategoryTree()
    shown = tree.called(slug)
    if shown is None:
        raise Http404(f"There is no category {slug}.")
    product_list = ProductList(request, tree, shown)
    path = tree.path_to(shown)
    context = {
        "product_list": product_list,
        "title": shown.name,
        "path": path,
        **_findable(product_list, path),
    }
    return render(request, "storefront/category.html", context)


def _title(product_list: ProductList) -> str:
    if product_list.filters.query:
        return _("Search: %(words)s") % {"words": product_list.filters.query}
    return (
        product_list.filters.category.name if product_list.filters.category else _("All products")
    )


def _findable(product_list: ProductList, path: list[Category]) -> dict[str, Any]:
    """Return what search engines are told: to find the list as such, and no choice out of it."""
    if product_list.filtered:
        return {}
    here = product_list.category.name if product_list.category else _("All products")
    page = f"?page={product_list.page.number}" if product_list.page.number > 1 else ""
    described = _("%(shelf)s at %(shop)s: %(count)s products, ordered in a minute.")
    words = {"shelf": here, "shop": brand.NAME, "count": product_list.totals.found}
    data = [seo.breadcrumbs(path, here)]
    return {
        "seo": seo.Seo(
            product_list.path + page, here, described % words, _picture(product_list), data=data
        )
    }


def _picture(product_list: ProductList) -> str:
    return next((listing.picture.url for listing in product_list.page if listing.picture), "")


@require_http_methods(["GET", "HEAD", "POST"])
def product(request: HttpRequest, handle: str, sku: str | None = None) -> HttpResponse:
    """Show one product in one variant; sending its form puts units of that into the cart."""
    page = product_page.load(handle, sku)
    if page is None:
        raise Http404(f"There is no product {handle} {sku or ''}".strip() + ".")
    form = AddForm(page.stock, request.POST if request.method == "POST" else None)
    if form.is_valid() and _put_into_cart(request, page, form):
        return redirect("storefront:cart")
    return show_product(request, page, form, status=UNPROCESSABLE if form.errors else 200)


def show_product(
    request: HttpRequest,
    page: product_page.ProductPage,
    form: AddForm | None = None,
    wish: BackInStockForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show the page of a product, with what was filled in wrongly."""
    shelf = page.product.category
    path = [*CategoryTree().path_to(shelf), shelf] if shelf else []
    context = {
        "page": page,
        "path": path,
        "form": form or AddForm(page.stock),
        "wish": wish or BackInStockForm(initial={"email": getattr(request.user, "email", "")}),
        "seo": _known_as(page, path),
    }
    return render(request, "storefront/product.html", context, status=status)


def _known_as(page: product_page.ProductPage, path: list[Category]) -> seo.Seo:
    """Say that all variants are one product to a search engine, which reads of each on any page."""
    product = page.product
    return seo.Seo(
        reverse("storefront:product", args=[product.handle]),
        product.seo_title or product.title,
        seo.described(page),
        next((picture.url for picture in page.pictures), ""),
        "product",
        [seo.product(page), seo.breadcrumbs(path, product.title)],
    )


def _put_into_cart(request: HttpRequest, page: product_page.ProductPage, form: AddForm) -> bool:
    try:
        cart.add(
            cart_session.cart_to_fill(request), page.variant.sku, form.cleaned_data["quantity"]
        )
    except cart.CartRefusal as refusal:
        form.add_error("quantity", str(refusal))
        return False
    messages.success(request, _("%(title)s is in your cart.") % {"title": page.variant})
    return True
