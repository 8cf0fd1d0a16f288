"""A carrier for trying things out: it keeps its own books and delivers after a set time."""

from collections.abc import Sequence
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from orders.events import Address
from shipping.events import ShippedLine
from shipping.gateway import ParcelState
from shipping.models import SandboxParcel


class SandboxCarrier:
    """Answers like a carrier with an idempotent interface would."""

    name = "Sandbox Carrier"

    def hand_over(self, reference: UUID, address: Address, lines: Sequence[ShippedLine]) -> str:
        """Book a parcel; under a reference that is known, the parcel of the first call."""
        taken = SandboxParcel(
            reference=reference,
            tracking_number=f"SB{reference.hex[-16:].upper()}",
            label={
                "address": address.model_dump(mode="json"),
                "lines": [line.model_dump(mode="json") for line in lines],
            },
        )
        SandboxParcel.objects.bulk_create([taken], ignore_conflicts=True)
        return taken.tracking_number

    def find(self, reference: UUID) -> str | None:
        return (
            SandboxParcel.objects.filter(reference=reference)
            .values_list("tracking_number", flat=True)
            .first()
        )

    def track(self, tracking_number: str) -> ParcelState:
        """Delivered when `CARRIER_TRANSIT` has passed since the hand-over."""
        parcel = SandboxParcel.objects.get(tracking_number=tracking_number)
        travelled = timezone.now() - parcel.taken_at
        return "delivered" if travelled >= settings.CARRIER_TRANSIT else "in_transit"
