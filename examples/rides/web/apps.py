"""The page as a Django app: its template, its files and its commands."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "web"
