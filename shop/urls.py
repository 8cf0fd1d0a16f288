"""Every address of the shop."""

from django.contrib import admin
from django.urls import include, path

admin.autodiscover()

urlpatterns = [
    path("admin/", admin.site.urls),
    path("mails/", include("notifications.urls")),
    path("", include("shop.storefront.urls")),
]
