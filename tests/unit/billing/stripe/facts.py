"""An order that is paid on Stripe's page, and what Stripe's books say of it."""

from typing import Any
from uuid import UUID

from django.test import Client

from billing.events import PaymentChallenged
from eventbus.testing import emitted, given
from orders.events import OrderPlaced
from tests.unit.billing import facts
from tests.unit.billing.stripe_server import StripeServer, signed

UNITS = 2700


def placed(order_id: UUID) -> OrderPlaced:
    """No card: Stripe's page asks for it."""
    return facts.placed(order_id).model_copy(update={"card": None})


def begun(order_id: UUID) -> str:
    """All is well, only the shopper must still pay: the page's id."""
    given(placed(order_id), facts.reserved(order_id), facts.cleared(order_id), to="billing")
    return emitted(PaymentChallenged)[-1].url.rpartition("/")[2]


def tell(message: dict[str, Any], **how: Any) -> int:
    """Stripe posts its message; the answer's status."""
    return Client().post("/billing/stripe/webhook/", **signed(message, **how)).status_code


def come_back(server: StripeServer, session: str) -> Any:
    """The shopper's browser goes where Stripe sends it after the payment."""
    url = server.sessions[session]["success_url"].replace("{CHECKOUT_SESSION_ID}", session)
    return Client().get("/" + url.split("/", 3)[3])


def the_payment(server: StripeServer) -> dict[str, Any]:
    """The one payment there is at Stripe."""
    (intent,) = server.intents.values()
    return intent


def called(server: StripeServer, what: str) -> int:
    """Count how often Stripe was asked to change something."""
    return sum(call.startswith("POST") and call.endswith(what) for call in server.calls)
