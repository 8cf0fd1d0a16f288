"""The tour as a Django app: a page of the console."""

from django.apps import AppConfig


class TourConfig(AppConfig):
    name = "devtools.tour"
    label = "tour"

    def ready(self) -> None:
        from eventbus.console.hooks import Page, hooks

        hooks.pages.append(Page("Try to break it", "tour:page"))
