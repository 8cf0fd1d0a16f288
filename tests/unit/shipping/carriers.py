"""Carriers in trouble."""

from uuid import UUID

from django.utils import timezone

from eventbus.delivery.models import Delivery
from shipping.gateway import Consignment
from shipping.sandbox import SandboxCarrier


class PowerCut(BaseException):
    """The process ends here."""


class ForgetfulCarrier(SandboxCarrier):
    """Takes a parcel for each call, whatever its reference: only asking first saves us."""

    name = "Forgetful"

    def __init__(self) -> None:
        self.taken: list[UUID] = []
        self.trouble: list[BaseException] = []
        self.trouble_before_taking = False

    def collect(self, reference, at, lines):
        return self.hand_over(reference, at, lines)

    def hand_over(self, reference, to, lines, label=""):
        if self.trouble and self.trouble_before_taking:
            raise self.trouble.pop()
        self.taken.append(reference)
        if self.trouble:
            raise self.trouble.pop()
        return self.find(reference)

    def find(self, reference):
        if reference not in self.taken:
            return None
        return Consignment(f"T-{self.taken.index(reference)}", timezone.now())


def due_again() -> None:
    """Time passes: leases end, retries are due."""
    Delivery.objects.filter(state__in=Delivery.OPEN).update(
        state=Delivery.State.WAITING, leased_until=None
    )
