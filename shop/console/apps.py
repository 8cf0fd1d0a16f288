"""The console as a Django app."""

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "shop.console"
    label = "console"

    def ready(self) -> None:
        from shop.bus.signals import reaction_overdue, relay_looked
        from shop.console.alerts.watching import audit_in_time, watch
        from shop.console.overdue import state_overdue

        reaction_overdue.connect(state_overdue)
        relay_looked.connect(watch)
        relay_looked.connect(audit_in_time)
