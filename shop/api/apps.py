"""The API as a Django app."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "shop.api"
    label = "shop_api"
    verbose_name = "API"
