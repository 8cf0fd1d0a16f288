"""Stripe's books: what was taken of a payment and what went back, whoever did it."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import stripe

from billing.gateway import Disputed, DisputeState, GivenBack, Page, Standing, Statement
from billing.stripe.amounts import amount_of
from billing.stripe.client import api

#: Payments that Stripe lists at once; it lists no more.
PER_PAGE = 100
#: Refunds of Stripe's that have come to nothing.
FAILED = ("failed", "canceled")
_DISPUTES: dict[str, DisputeState] = {
    "warning_needs_response": "asked",
    "warning_under_review": "asked",
    "warning_closed": "won",
    "prevented": "won",
    "won": "won",
    "lost": "lost",
}


def standing(payment_id: str) -> Standing:
    """Return what Stripe knows of a payment: one read, two more where something went back."""
    intent = api().payment_intents.retrieve(payment_id, {"expand": ["latest_charge"]})
    return Standing(
        captured=_captured(intent),
        refunds=tuple(map(_given_back, refunds_of(payment_id))),
        disputes=tuple(map(_disputed, _disputes_of(intent))),
        lapsed=intent.status == "canceled",
    )


def left_of(intent: stripe.PaymentIntent) -> int:
    """Return what was taken and is not given back, in smallest units."""
    given = (refund.amount for refund in refunds_of(intent.id) if refund.status not in FAILED)
    return intent.amount_received - sum(given)


def refunds_of(payment_id: str) -> list[stripe.Refund]:
    """List all of them, the newest first."""
    listed = api().refunds.list({"payment_intent": payment_id, "limit": PER_PAGE})
    return list(listed.auto_paging_iter())


def statements(since: datetime, after: str = "") -> Page:
    """Return the payments since then that have our metadata, the newest first."""
    asked: Any = {
        "created": {"gte": int(since.timestamp())},
        "limit": PER_PAGE,
        "expand": ["data.latest_charge"],
    }
    listed = api().payment_intents.list(asked | ({"starting_after": after} if after else {}))
    ours = [intent for intent in listed.data if "order_id" in _metadata(intent)]
    return Page(
        [_statement(intent) for intent in ours], listed.data[-1].id if listed.has_more else ""
    )


def _statement(intent: stripe.PaymentIntent) -> Statement:
    charge = _charge_of(intent)
    back = amount_of(charge.get("amount_refunded", 0), intent.currency)
    return Statement(
        authorization=intent.id,
        order_id=_metadata(intent)["order_id"],
        kept=_captured(intent) - back,
        disputed=bool(charge.get("disputed")),
        lapsed=intent.status == "canceled",
    )


def _captured(intent: stripe.PaymentIntent) -> Decimal:
    return amount_of(intent.amount_received, intent.currency)


def _given_back(refund: stripe.Refund) -> GivenBack:
    return GivenBack(
        reference=refund.id,
        amount=amount_of(refund.amount, refund.currency),
        key=_metadata(refund).get("key", ""),
        failed=refund.status in FAILED,
    )


def _disputes_of(intent: stripe.PaymentIntent) -> list[stripe.Dispute]:
    if not _charge_of(intent).get("disputed"):
        return []
    listed = api().disputes.list({"payment_intent": intent.id, "limit": PER_PAGE})
    return list(listed.auto_paging_iter())


def _disputed(dispute: stripe.Dispute) -> Disputed:
    return Disputed(
        reference=dispute.id,
        amount=amount_of(dispute.amount, dispute.currency),
        state=_DISPUTES.get(dispute.status, "open"),
        reason=dispute.reason,
    )


def _charge_of(intent: stripe.PaymentIntent) -> dict[str, Any]:
    """Return the charge that was read with the payment; empty where there is none."""
    charge = intent.to_dict().get("latest_charge")
    return charge if isinstance(charge, dict) else {}


def _metadata(of: stripe.PaymentIntent | stripe.Refund) -> dict[str, str]:
    return of.to_dict().get("metadata") or {}
