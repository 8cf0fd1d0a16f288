"""URLs of the audit."""

from django.urls import path

from shop.audit import views

app_name = "audit"
urlpatterns = [path("", views.request_audit, name="request")]
