"""Sending goods on their way by hand."""

from typing import Any

from django import forms
from django.contrib.auth.models import AbstractUser

from shipping import services as shipping
from shop.backoffice.actions.action import Action
from shop.backoffice.actions.units import ByUnits
from shop.backoffice.order import Facts


def _told(units: int) -> str:
    return f"packed a parcel of {units} unit{'' if units == 1 else 's'}"


class Ship(ByUnits):
    title = "Ship"
    submit = "Hand over to the carrier"
    advice = "What goes into the next parcel. Less than everything is a part; the rest waits."
    permission = "shipping.ship_by_hand"

    label = forms.CharField(
        label="Tracking number",
        max_length=50,
        required=False,
        help_text="of a label that is on the parcel already; empty: the carrier makes one",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines = self.facts.lines_left
        self.add_units((line.position, line, line.left, line.left) for line in lines)
        self.order_fields([*self.units, "label"])

    @classmethod
    def offered(cls, facts: Facts) -> bool:
        return facts.can_ship

    def carry_out(self, user: AbstractUser) -> str:
        units, label = self.units_typed(), self.cleaned_data["label"].strip()
        by = user.get_username()
        parcel = shipping.ship_part(self.facts.order.id, units, by, label=label)
        return _told(parcel.units)


class ShipRest(Action):
    """For many orders: on an order's own page `Ship` proposes just this."""

    title = "Ship all that is left"
    submit = "Hand over to the carrier"
    advice = "A parcel for each order, with all of its units that have not left."
    permission = "shipping.ship_by_hand"

    @classmethod
    def offered(cls, facts: Facts) -> bool:
        return False

    def carry_out(self, user: AbstractUser) -> str:
        left = {line.position: line.left for line in self.facts.lines_left}
        parcel = shipping.ship_part(self.facts.order.id, left, user.get_username())
        return _told(parcel.units)


class GiveUpParcel(Action):
    title = "Take the parcel for lost"
    submit = "It is lost"
    advice = "What was paid for its goods goes back. It stands for good."
    permission = "shipping.ship_by_hand"
    is_grave = True
    of_part = True

    @classmethod
    def offered(cls, facts: Facts) -> bool:
        return bool(facts.parcels_on_their_way)

    def is_about_the_order(self) -> bool:
        parcels = self.facts.shipment.parcels.all() if self.facts.shipment else ()
        return any(parcel.pk == self.part for parcel in parcels)

    def carry_out(self, user: AbstractUser) -> str:
        parcel = shipping.give_up_parcel(self.part_id, user.get_username())
        return f"took parcel {parcel} for lost"


class ShipByHand(Action):
    title = "Ship by hand"
    submit = "Keep it for shipping by hand"
    advice = "It does not leave by itself any more: somebody ships it, at once or in parts."
    permission = "shipping.ship_by_hand"

    @classmethod
    def offered(cls, facts: Facts) -> bool:
        shipment = facts.shipment
        if not (facts.is_open and shipment):
            return False
        return not (shipment.held_by or shipment.packed or shipment.state in ("stopped", "nothing"))

    def carry_out(self, user: AbstractUser) -> str:
        shipping.hold(self.facts.order.id, user.get_username())
        return "keeps it for shipping by hand"
