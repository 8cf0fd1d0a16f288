"""The storefront as a Django app."""

from django.apps import AppConfig


class StorefrontConfig(AppConfig):
    name = "shop.storefront"
    label = "storefront"

    def ready(self) -> None:
        from eventbus import relay_tick
        from shop.accounts.account_signals import connect_signals
        from shop.storefront.retention import delete_expired

        connect_signals()
        relay_tick.connect(delete_expired)
