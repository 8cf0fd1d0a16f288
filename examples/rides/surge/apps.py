"""The surge app."""

from django.apps import AppConfig


class SurgeConfig(AppConfig):
    name = "surge"
    default_auto_field = "django.db.models.BigAutoField"
