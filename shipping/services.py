"""What staff start by hand, and what pages show."""

from collections.abc import Mapping
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from eventbus import emit, emits
from shipping import dispatch
from shipping.errors import NotOnItsWay, TrackingNumberTaken
from shipping.events import ParcelLost, ShipPart
from shipping.models import Parcel, Shipment


def shipment_in_detail(order_id: UUID) -> Shipment | None:
    """Return an order's shipment, if any is known: lines, parcels and what is in them, returns."""
    whole = Shipment.objects.prefetch_related("lines", "parcels__lines__line", "return_parcels")
    return whole.filter(pk=order_id).first()


def hold(order_id: UUID, by: str) -> None:
    """Keep an order from leaving by itself when it is billed, so that staff can ship it in parts.

    Raises `AlreadyStopped` or `AlreadyLeaving`.
    """
    with transaction.atomic(), Shipment.objects.get_or_create_for_update(pk=order_id) as shipment:
        shipment.hold(by)


@emits(ShipPart)
def ship_part(order_id: UUID, quantities: Mapping[int, int], by: str, *, label: str = "") -> Parcel:
    """Pack units, by position on the order, into a parcel; shipping's worker hands it over.

    `label` is the tracking number of a label that is on it already. Returns the parcel. Raises
    `OnHold`, `AlreadyStopped`, `NotBilled`, `AlreadyShipped`, `NothingToShip`,
    `MoreThanOrdered` or `TrackingNumberTaken`; nothing is packed then.
    """
    try:
        return _ship_part(order_id, quantities, by, label)
    except IntegrityError as error:
        if "shipping_label_once" in str(error):
            raise TrackingNumberTaken(f"{label} is another parcel's tracking number") from error
        raise


@emits(ParcelLost)
def give_up_parcel(parcel_id: UUID, by: str) -> Parcel:
    """Take a parcel for lost: what was paid for it goes back. Raises `NotOnItsWay`."""
    with transaction.atomic():
        order_id = Parcel.objects.values_list("shipment_id", flat=True).get(pk=parcel_id)
        with (
            Shipment.objects.get_or_create_for_update(pk=order_id) as shipment,
            Parcel.objects.get_for_update(pk=parcel_id) as parcel,
        ):
            if not parcel.is_on_its_way:
                raise NotOnItsWay(f"parcel {parcel} is not on its way")
            dispatch.give_up(shipment, parcel, by)
    return parcel


def _ship_part(order_id: UUID, quantities: Mapping[int, int], by: str, label: str) -> Parcel:
    with transaction.atomic(), Shipment.objects.get_or_create_for_update(pk=order_id) as shipment:
        if label and Parcel.objects.filter(tracking_number=label).exists():
            raise TrackingNumberTaken(f"{label} is another parcel's tracking number")
        parcel = shipment.pack_part(quantities, uuid4(), by, label)
        emit(ShipPart(order_id=order_id, parcel_id=parcel.id, by=by))
    return parcel
