"""Foreign systems' events as a Django app: optional, for who declares an event foreign."""

from django.apps import AppConfig

from eventbus import layers


class InboundConfig(AppConfig):
    name = "eventbus.inbound"
    label = "eventbus_inbound"
    verbose_name = "event bus: inbound"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        layers.require(self.name, layers.LAYERS[:3])
        from eventbus.inbound import queue, rejections
        from eventbus.signals import relay_tick, topology_declared

        topology_declared.connect(queue.declare)
        relay_tick.connect(rejections.forget_old)
