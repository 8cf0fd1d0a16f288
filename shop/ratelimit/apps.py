"""The guard as a Django app."""

from django.apps import AppConfig


class GuardConfig(AppConfig):
    name = "shop.ratelimit"
    label = "ratelimit"

    def ready(self) -> None:
        from eventbus.delivery import periodic
        from shop.ratelimit.forgetting import forget_what_is_over

        periodic.add("rate limits", 15.0, forget_what_is_over)
