"""The shop's part of webhooks as a Django app."""

from django.apps import AppConfig


class ShopWebhooksConfig(AppConfig):
    name = "shop.webhooks"
    label = "shop_webhooks"

    def ready(self) -> None:
        from eventbus.bridges.webhooks.hooks import hooks
        from shop.webhooks.audience import OwnOrders

        hooks.audience = OwnOrders()
