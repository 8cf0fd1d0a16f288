"""The API as a Django app."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "shop.api"
    label = "shop_api"
    verbose_name = "API"

    def ready(self) -> None:
        from eventbus import relay_tidies
        from shop.api.idempotency import forget_what_is_over

        relay_tidies.connect(forget_what_is_over)
