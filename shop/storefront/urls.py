"""Addresses of the storefront."""

urlpatterns: list = []
