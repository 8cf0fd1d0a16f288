"""Webhooks as a Django app."""

from eventbus import layers


class WebhooksConfig(layers.BridgeConfig):
    name = "eventbus.bridges.webhooks"
    label = "eventbus_webhooks"
    verbose_name = "webhooks"

    def ready(self) -> None:
        super().ready()
        # Its pages in the admin are made of those of operations.
        layers.require(self.name, layers.LAYERS[:3])
        from django.core.checks import register

        from eventbus.bridges.webhooks import checks, keeping
        from eventbus.signals import redaction_requested, relay_tick

        register(checks.check_settings)
        redaction_requested.connect(keeping.forget)
        relay_tick.connect(keeping.delete_old)
