"""The console as a Django app."""

from eventbus import layers


class ConsoleConfig(layers.LayerConfig):
    name = "eventbus.console"
    label = "eventbus_console"
    beside = ("django.contrib.admin", "django.contrib.humanize", "django_htmx")

    def ready(self) -> None:
        super().ready()
        from eventbus.console.alerts.evaluation import EVALUATE_EVERY, evaluate_rules
        from eventbus.console.alerts.fallback import notify_relay_waits, notify_unreached
        from eventbus.console.overdue import emit_overdue
        from eventbus.delivery import periodic
        from eventbus.signals import reaction_overdue, relay_waits

        reaction_overdue.connect(emit_overdue)
        periodic.add("alerts", EVALUATE_EVERY, evaluate_rules)
        periodic.add("alerts that reached nobody", EVALUATE_EVERY, notify_unreached)
        relay_waits.connect(notify_relay_waits)
