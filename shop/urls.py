"""Every address of the shop."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

admin.autodiscover()

handler500 = "shop.storefront.views.server_error.server_error"

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("shop.monitoring.urls")),
    path("", include("shop.storefront.robots_urls")),
    path("billing/stripe/", include("billing.stripe.urls")),
    path("api/", include("shop.api.urls")),
    path("console/audit/", include("shop.audit.urls")),
    path("console/", include("eventbus.console.urls")),
    *i18n_patterns(
        path("mails/", include("notifications.urls")),
        path("", include("shop.storefront.urls")),
        path("", include("shop.storefront.account_urls")),
        prefix_default_language=False,
    ),
]
