"""The shop's addresses with the mails' pages among them."""

from django.urls import include, path

urlpatterns = [
    path("mails/", include("notifications.urls")),
    path("", include("shop.urls")),
]
