"""URLs of the staff pages within the admin."""

from django.contrib.admin import AdminSite
from django.urls import URLPattern, path

from shop.backoffice.views.bulk import bulk_new, bulk_run
from shop.backoffice.views.customer import customer_page
from shop.backoffice.views.order import act, order_page
from shop.backoffice.views.stock import stock_page


def patterns(site: AdminSite) -> list[URLPattern]:
    """Return the URL patterns; the admin asks for a login, each view for its permission."""
    order = "order/<uuid:order_id>/"
    do = site.admin_view(act)
    return [
        path(order, site.admin_view(order_page), name="order"),
        path(f"{order}<slug:name>/", do, name="order_action"),
        path("customer/<int:account>/", site.admin_view(customer_page), name="customer"),
        path("bulk/new/<slug:name>/", site.admin_view(bulk_new), name="bulk_new"),
        path("bulk/<uuid:run_id>/", site.admin_view(bulk_run), name="bulk_run"),
        path("stock/", site.admin_view(stock_page), name="stock"),
        path(f"{order}<slug:name>/<uuid:part>/", do, name="order_part_action"),
    ]
