"""The shop as a reacting app."""

from django.apps import AppConfig


class ShopConfig(AppConfig):
    name = "shop"
