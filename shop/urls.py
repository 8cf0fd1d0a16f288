"""Every address of the shop."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from shop.storefront.views import health

admin.autodiscover()

urlpatterns = [
    path("admin/", admin.site.urls),
    path("mails/", include("notifications.urls")),
    path("healthz", health.healthz, name="healthz"),
    *i18n_patterns(path("", include("shop.storefront.urls")), prefix_default_language=False),
]
