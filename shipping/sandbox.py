"""A carrier for trying things out: it keeps its own books and delivers after a set time."""

from collections.abc import Sequence
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from orders.events import Address
from shipping.events import ShippedLine
from shipping.gateway import Consignment, ParcelState
from shipping.models import SandboxParcel


class SandboxCarrier:
    """Answers like a carrier with an idempotent interface would."""

    name = "Sandbox Carrier"

    def hand_over(
        self, reference: UUID, to: Address, lines: Sequence[ShippedLine], label: str = ""
    ) -> Consignment:
        return self._book(reference, "to", to, lines, label)

    def collect(self, reference: UUID, at: Address, lines: Sequence[ShippedLine]) -> Consignment:
        return self._book(reference, "from", at, lines)

    def find(self, reference: UUID) -> Consignment | None:
        parcel = SandboxParcel.objects.filter(reference=reference).first()
        return _consignment(parcel) if parcel else None

    def track(self, tracking_number: str) -> ParcelState:
        """Say delivered when `CARRIER_TRANSIT` has passed since the parcel was taken."""
        parcel = SandboxParcel.objects.get(tracking_number=tracking_number)
        due = _consignment(parcel).expected_at
        return "delivered" if timezone.now() >= due else "in_transit"

    def _book(
        self,
        reference: UUID,
        way: str,
        address: Address,
        lines: Sequence[ShippedLine],
        number: str = "",
    ) -> Consignment:
        """Book a parcel; under a reference that is known, the parcel of the first call."""
        parcel = SandboxParcel(
            reference=reference,
            tracking_number=number or f"SB{reference.hex[-16:].upper()}",
            label={
                way: address.model_dump(mode="json"),
                "written": [*address.lines, address.country],
                "lines": [line.model_dump(mode="json") for line in lines],
            },
        )
        SandboxParcel.objects.bulk_create([parcel], ignore_conflicts=True)
        return _consignment(parcel)


def _consignment(parcel: SandboxParcel) -> Consignment:
    return Consignment(parcel.tracking_number, parcel.taken_at + settings.CARRIER_TRANSIT)
