"""The guard as a Django app."""

from django.apps import AppConfig


class GuardConfig(AppConfig):
    name = "shop.ratelimit"
    label = "ratelimit"

    def ready(self) -> None:
        from eventbus.signals import relay_looked
        from shop.ratelimit.forgetting import forget_what_is_over

        relay_looked.connect(forget_what_is_over)
