"""What billing keeps, and what the sandbox processor keeps on its own side."""

from billing.models.charge import Charge, Invoice
from billing.models.refund import Refund
from billing.models.sandbox import SandboxOperation

__all__ = ["Charge", "Invoice", "Refund", "SandboxOperation"]
