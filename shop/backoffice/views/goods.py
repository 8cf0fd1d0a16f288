"""A product's stock: where its units stand, how they moved, who waits for them, what sold."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from catalogue.models import Variant
from inventory import services as inventory
from inventory.errors import UnknownSku
from orders import services as orders
from shop.backoffice.charts import units_by_day

#: Rows of each kind on the page; the lists have the others.
MOST = 50


def _promised(sku: str) -> list[tuple[Any, str]]:
    """What is promised, and the number of the order that it is promised to."""
    rows = list(inventory.promised_of(sku)[:MOST])
    numbers = orders.numbers_of([row.hold_id for row in rows])
    return [(row, numbers.get(row.hold_id, "")) for row in rows]


@require_safe
def goods_page(request: HttpRequest) -> HttpResponse:
    """The SKU stands in the query: it may have any letters."""
    if not request.user.has_perm("inventory.view_stock"):
        raise PermissionDenied
    sku = request.GET.get("sku", "")
    try:
        stock = inventory.stock_of(sku)
    except UnknownSku as error:
        raise Http404(f"no unit of {sku} was ever taken in") from error
    context = {
        **admin.site.each_context(request),
        "title": f"Stock of {sku}",
        "stock": stock,
        "variant": Variant.objects.filter(sku=sku).select_related("product").first(),
        "movements": list(inventory.movements_of(sku)[:MOST]),
        "promised": _promised(sku),
        "chart": units_by_day(sku),
    }
    return TemplateResponse(request, "staff/goods.html", context)
