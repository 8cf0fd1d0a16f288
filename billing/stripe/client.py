"""The way to Stripe: one client, and which of its errors are an outage."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import stripe
from django.conf import settings

from billing.gateway import GatewayUnavailable

#: Seconds to connect, and to wait for an answer; well below an outside call's lease.
TIMEOUT = (5, 20)


def api() -> stripe.V1Services:
    """Return Stripe's services for the account in the settings. The bus tries again, not this."""
    return _client(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE).v1


@contextmanager
def outages() -> Iterator[None]:
    """Raise `GatewayUnavailable` for no answer, an error of Stripe's own or too many calls."""
    try:
        yield
    except (stripe.APIConnectionError, stripe.RateLimitError, stripe.APIError) as error:
        raise GatewayUnavailable(f"Stripe: {error}") from error


@cache
def _client(secret_key: str, api_base: str) -> stripe.StripeClient:
    return stripe.StripeClient(
        secret_key,
        base_addresses={"api": api_base or stripe.DEFAULT_API_BASE},
        max_network_retries=0,
        http_client=stripe.RequestsClient(timeout=TIMEOUT),
    )
