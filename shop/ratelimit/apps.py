"""The rate limits as a Django app."""

from django.apps import AppConfig


class RateLimitConfig(AppConfig):
    name = "shop.ratelimit"
    label = "ratelimit"

    def ready(self) -> None:
        from eventbus.delivery import periodic
        from shop.ratelimit.cleanup import delete_expired

        periodic.add("rate limits", 15.0, delete_expired)
