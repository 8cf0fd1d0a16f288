"""The notifications app."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"

    def ready(self) -> None:
        from eventbus import relay_tidies
        from notifications.keeping import forget_what_is_over

        relay_tidies.connect(forget_what_is_over)
