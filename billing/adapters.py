"""The card processor in use: the one place that names an adapter of the port in `gateway`."""

from django.conf import settings

from billing.gateway import Processor


def processor() -> Processor:
    """Return the adapter that `PAYMENT_GATEWAY` names."""
    if settings.PAYMENT_GATEWAY == "stripe":
        # Its library takes its time to import, and not every shop needs it.
        from billing.stripe import StripeProcessor

        return StripeProcessor()
    from billing.sandbox import SandboxProcessor

    return SandboxProcessor()
