"""The bus as a Django app."""

from django.apps import AppConfig


class BusConfig(AppConfig):
    name = "shop.bus"
    label = "bus"
    verbose_name = "event bus"

    def ready(self) -> None:
        from shop.bus import outbox, registry

        registry.on_every_event(outbox.record)
        registry.load()
