"""The tools as a Django app: their commands, for a shop that is not production."""

from django.apps import AppConfig


class DevtoolsConfig(AppConfig):
    name = "devtools"
