"""The tables of billing, and what its adapters keep on their side."""

from billing.models.charge import Charge
from billing.models.comparing import Difference, Reconciliation
from billing.models.dispute import Dispute
from billing.models.invoice import Invoice
from billing.models.order_snapshot import Ordered, OrderSnapshot
from billing.models.refund import Refund
from billing.models.sandbox import SandboxOperation
from billing.models.stripe import StripeNotice

__all__ = [
    "Charge",
    "Difference",
    "Dispute",
    "Invoice",
    "OrderSnapshot",
    "Ordered",
    "Reconciliation",
    "Refund",
    "SandboxOperation",
    "StripeNotice",
]
