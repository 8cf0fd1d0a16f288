from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """The catalogue."""

    name = "shop.catalogue"
    label = "catalogue"
