"""The loyalty app."""

from django.apps import AppConfig


class LoyaltyConfig(AppConfig):
    name = "loyalty"
