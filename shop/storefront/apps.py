"""The storefront as a Django app."""

from django.apps import AppConfig


class StorefrontConfig(AppConfig):
    name = "shop.storefront"
    label = "storefront"

    def ready(self) -> None:
        from eventbus import relay_tick
        from shop.accounts.keeping import keep_accounts
        from shop.storefront.retention import delete_expired

        keep_accounts()
        relay_tick.connect(delete_expired)
