"""The bus and two small apps, without the shop: quick to start, in processes of their own."""

from shop.settings import *  # noqa: F403

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "eventbus.delivery",
    "eventbus.messaging",
    "eventbus.operations",
    "eventbus.history",
    "eventbus.inbound",
    "app_a",
    "app_b",
]
ROOT_URLCONF = __name__
urlpatterns: list = []
MIDDLEWARE: list = []
TEMPLATES: list = []
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
