"""The tools as a Django app: their commands."""

from django.apps import AppConfig


class DevtoolsConfig(AppConfig):
    name = "devtools"
