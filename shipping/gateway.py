"""Where the outside begins: the carrier, as a port."""

from collections.abc import Sequence
from typing import Literal, Protocol
from uuid import UUID

from orders.events import Address
from shipping.events import ShippedLine

ParcelState = Literal["in_transit", "delivered"]


class CarrierUnavailable(Exception):
    """The carrier did not answer: ask again later, by the same reference."""


class Carrier(Protocol):
    """What shipping needs of a carrier. Every call may raise `CarrierUnavailable`."""

    #: for people, as it stands in the mails
    name: str

    def hand_over(self, reference: UUID, address: Address, lines: Sequence[ShippedLine]) -> str:
        """Take a parcel and return its tracking number; one parcel for each reference."""

    def find(self, reference: UUID) -> str | None:
        """The tracking number of the parcel taken under our reference, if any was."""

    def track(self, tracking_number: str) -> ParcelState:
        """Where a parcel is."""


def carrier() -> Carrier:
    """The carrier in use: the one place that names an adapter."""
    from shipping.sandbox import SandboxCarrier

    return SandboxCarrier()


def hand_over_once(reference: UUID, address: Address, lines: Sequence[ShippedLine]) -> str:
    """Hand a parcel over unless it was; returns its tracking number.

    Asks first by our reference: the answer to an earlier call may have been lost.
    Raises `CarrierUnavailable`.
    """
    carrier_ = carrier()
    return carrier_.find(reference) or carrier_.hand_over(reference, address, lines)
