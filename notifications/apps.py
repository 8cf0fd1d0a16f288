"""The notifications app."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"

    def ready(self) -> None:
        from notifications.keeping import forget_what_is_over
        from shop.bus import relay_tidies

        relay_tidies.connect(forget_what_is_over)
