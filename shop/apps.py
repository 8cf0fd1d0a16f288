"""The shop as an app of the bus."""

from django.apps import AppConfig


class ShopConfig(AppConfig):
    name = "shop"
