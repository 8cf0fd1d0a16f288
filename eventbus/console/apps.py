"""The console as a Django app."""

from eventbus import layers


class ConsoleConfig(layers.LayerConfig):
    name = "eventbus.console"
    label = "eventbus_console"

    def ready(self) -> None:
        super().ready()
        from eventbus.console.alerts.directly import tell_unheard, tell_waiting
        from eventbus.console.alerts.watching import LOOK_EVERY, watch
        from eventbus.console.overdue import emit_overdue
        from eventbus.delivery import periodic
        from eventbus.signals import reaction_overdue, relay_waits

        reaction_overdue.connect(emit_overdue)
        periodic.add("alerts", LOOK_EVERY, watch)
        periodic.add("alerts that reached nobody", LOOK_EVERY, tell_unheard)
        relay_waits.connect(tell_waiting)
