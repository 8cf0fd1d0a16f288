"""The console as a Django app."""

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "shop.console"
    label = "console"

    def ready(self) -> None:
        from shop.bus.signals import reaction_overdue, relay_looked, relay_waits
        from shop.console.alerts.directly import tell_unheard, tell_waiting
        from shop.console.alerts.watching import audit_in_time, watch
        from shop.console.auditing import start_auditor
        from shop.console.overdue import state_overdue

        reaction_overdue.connect(state_overdue)
        relay_looked.connect(watch)
        relay_looked.connect(tell_unheard)
        relay_looked.connect(audit_in_time)
        relay_looked.connect(start_auditor)
        relay_waits.connect(tell_waiting)
