"""The carrier in use: the one place that names an adapter of the port in `gateway`."""

from collections.abc import Sequence
from uuid import UUID

from orders.events import Address
from shipping.events import ShippedLine
from shipping.gateway import Carrier, Consignment
from shipping.sandbox import SandboxCarrier


def carrier() -> Carrier:
    """Return the adapter; there is one so far."""
    return SandboxCarrier()


def hand_over_once(
    reference: UUID, to: Address, lines: Sequence[ShippedLine], label: str = ""
) -> Consignment:
    """Hand a parcel over unless it was.

    Asks first by our reference: the answer to an earlier call may have been lost.
    Raises `CarrierUnavailable`.
    """
    return carrier().find(reference) or carrier().hand_over(reference, to, lines, label)


def collect_once(reference: UUID, at: Address, lines: Sequence[ShippedLine]) -> Consignment:
    """Have a parcel fetched unless it is being fetched; asks first, too.

    Raises `CarrierUnavailable`.
    """
    return carrier().find(reference) or carrier().collect(reference, at, lines)
