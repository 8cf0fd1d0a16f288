"""Shipping by hand."""

from typing import Any

from django import forms
from django.contrib.auth.models import AbstractUser

from shipping import services as shipping
from shop.backoffice.actions.action import Action
from shop.backoffice.actions.quantities import QuantityAction
from shop.backoffice.order import OrderOverview


def _outcome(units: int) -> str:
    return f"packed a parcel of {units} unit{'' if units == 1 else 's'}"


class Ship(QuantityAction):
    title = "Ship"
    submit_label = "Hand over to the carrier"
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
        lines = self.overview.lines_left
        self.add_quantity_fields((line.position, line, line.left, line.left) for line in lines)
        self.order_fields([*self.units, "label"])

    @classmethod
    def is_available(cls, overview: OrderOverview) -> bool:
        return overview.can_ship

    def execute(self, user: AbstractUser) -> str:
        units, label = self.quantities(), self.cleaned_data["label"].strip()
        by = user.get_username()
        parcel = shipping.ship_part(self.overview.order.id, units, by, label=label)
        return _outcome(parcel.units)


class ShipRest(Action):
    """Ships everything of many orders; on an order's own page `Ship` proposes the same."""

    title = "Ship all that is left"
    submit_label = "Hand over to the carrier"
    advice = "A parcel for each order, with all of its units that have not left."
    permission = "shipping.ship_by_hand"

    @classmethod
    def is_available(cls, overview: OrderOverview) -> bool:
        return False

    def execute(self, user: AbstractUser) -> str:
        left = {line.position: line.left for line in self.overview.lines_left}
        parcel = shipping.ship_part(self.overview.order.id, left, user.get_username())
        return _outcome(parcel.units)


class GiveUpParcel(Action):
    title = "Take the parcel for lost"
    submit_label = "It is lost"
    advice = "What was paid for its goods goes back. It stands for good."
    permission = "shipping.ship_by_hand"
    is_destructive = True
    of_part = True

    @classmethod
    def is_available(cls, overview: OrderOverview) -> bool:
        return bool(overview.parcels_on_their_way)

    def is_about_the_order(self) -> bool:
        parcels = self.overview.shipment.parcels.all() if self.overview.shipment else ()
        return any(parcel.pk == self.part for parcel in parcels)

    def execute(self, user: AbstractUser) -> str:
        parcel = shipping.give_up_parcel(self.part_id, user.get_username())
        return f"took parcel {parcel} for lost"


class ShipByHand(Action):
    title = "Ship by hand"
    submit_label = "Keep it for shipping by hand"
    advice = "It does not leave by itself any more: somebody ships it, at once or in parts."
    permission = "shipping.ship_by_hand"

    @classmethod
    def is_available(cls, overview: OrderOverview) -> bool:
        shipment = overview.shipment
        if not (overview.is_open and shipment):
            return False
        return not (shipment.held_by or shipment.packed or shipment.state in ("stopped", "nothing"))

    def execute(self, user: AbstractUser) -> str:
        shipping.hold(self.overview.order.id, user.get_username())
        return "keeps it for shipping by hand"
