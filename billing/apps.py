"""The billing app."""

from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "billing"

    def ready(self) -> None:
        from billing.reconciling import begin_if_due
        from eventbus import relay_tick

        relay_tick.connect(begin_if_due)
