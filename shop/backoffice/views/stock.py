"""The stock page of a SKU: its units, their movements, reservations, and what sold."""

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

#: Rows of each kind on the page; the admin lists have the others.
MOST = 50


def _reservations(sku: str) -> list[tuple[Any, str]]:
    """Return the reservations, each with the number of its order."""
    rows = list(inventory.reserved_for_orders(sku)[:MOST])
    numbers = orders.numbers_of([row.reservation_id for row in rows])
    return [(row, numbers.get(row.reservation_id, "")) for row in rows]


@require_safe
def stock_page(request: HttpRequest) -> HttpResponse:
    """Show the stock of `?sku=`; in the query, because a SKU may have any letters."""
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
        "reservations": _reservations(sku),
        "chart": units_by_day(sku),
    }
    return TemplateResponse(request, "staff/stock.html", context)
