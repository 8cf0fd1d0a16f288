"""The API as a Django app."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "shop.api"
    label = "shop_api"
    verbose_name = "API"

    def ready(self) -> None:
        from eventbus import relay_tick
        from shop.api.idempotency import delete_expired

        relay_tick.connect(delete_expired)
