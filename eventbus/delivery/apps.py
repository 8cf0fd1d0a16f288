"""The ledger as a Django app."""

from django.core.checks import register
from django.db.backends.signals import connection_created

from eventbus import layers


class DeliveryConfig(layers.LayerConfig):
    name = "eventbus.delivery"
    label = "eventbus"
    verbose_name = "event bus"

    def ready(self) -> None:
        super().ready()
        from eventbus import clock, registry
        from eventbus.delivery import checks, outbox

        register(checks.check_project)
        register(checks.check_upcasters)
        register(checks.check_foreign_events)
        connection_created.connect(clock.read_when_connected)
        registry.on_every_event(outbox.record)
        registry.autodiscover()
