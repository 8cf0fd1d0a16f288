"""The bus as a Django app."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created


class BusConfig(AppConfig):
    name = "shop.bus"
    label = "bus"
    verbose_name = "event bus"

    def ready(self) -> None:
        from shop.bus import clock, outbox, registry

        connection_created.connect(clock.read_when_connected)
        registry.on_every_event(outbox.record)
        registry.load()
