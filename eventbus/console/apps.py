"""The console as a Django app."""

from eventbus import layers


class ConsoleConfig(layers.LayerConfig):
    name = "eventbus.console"
    label = "eventbus_console"

    def ready(self) -> None:
        super().ready()
        from eventbus.console.alerts.directly import tell_unheard, tell_waiting
        from eventbus.console.alerts.watching import watch
        from eventbus.console.overdue import state_overdue
        from eventbus.signals import reaction_overdue, relay_looked, relay_waits

        reaction_overdue.connect(state_overdue)
        relay_looked.connect(watch)
        relay_looked.connect(tell_unheard)
        relay_waits.connect(tell_waiting)
