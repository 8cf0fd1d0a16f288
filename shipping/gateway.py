"""Where the outside begins: the carrier, as a port."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, NamedTuple, Protocol
from uuid import UUID

from orders.events import Address
from shipping.events import ShippedLine

ParcelState = Literal["in_transit", "delivered", "lost"]


class CarrierUnavailable(Exception):
    """The carrier did not answer: ask again later, by the same reference."""


class Consignment(NamedTuple):
    """What the carrier says of a parcel it took, or will fetch."""

    tracking_number: str
    #: when it expects to deliver it
    expected_at: datetime


class Carrier(Protocol):
    """What shipping needs of a carrier. Every call may raise `CarrierUnavailable`."""

    #: for people, as it stands in the mails
    name: str

    def hand_over(
        self, reference: UUID, to: Address, lines: Sequence[ShippedLine], label: str = ""
    ) -> Consignment:
        """Take a parcel from us; one parcel for each reference.

        `label` is the tracking number of a label of the carrier's that is on it already.
        """

    def collect(self, reference: UUID, at: Address, lines: Sequence[ShippedLine]) -> Consignment:
        """Fetch a parcel there and bring it to us; one parcel for each reference."""

    def find(self, reference: UUID) -> Consignment | None:
        """Return the parcel taken or to be fetched under our reference, if there is one."""

    def track(self, tracking_number: str) -> ParcelState:
        """Return where a parcel is."""
