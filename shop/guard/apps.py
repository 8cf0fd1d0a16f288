"""The guard as a Django app."""

from django.apps import AppConfig


class GuardConfig(AppConfig):
    name = "shop.guard"
    label = "guard"

    def ready(self) -> None:
        from shop.bus.signals import relay_looked
        from shop.guard.forgetting import forget_what_is_over

        relay_looked.connect(forget_what_is_over)
