"""The notifications app."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"

    def ready(self) -> None:
        from eventbus import relay_tick
        from notifications.keeping import forget_what_is_over

        relay_tick.connect(forget_what_is_over)
