"""What staff start by hand, and what pages show."""

from collections.abc import Mapping
from uuid import UUID, uuid4

from django.db import transaction

from shipping.events import PartShipmentRequested
from shipping.models import Parcel, Shipment
from shop.bus import emit


def shipment_of(order_id: UUID) -> Shipment | None:
    """An order's shipment with its parcels and those that come back, if any of it is known."""
    whole = Shipment.objects.prefetch_related("parcels", "return_parcels")
    return whole.filter(pk=order_id).first()


def hold(order_id: UUID, by: str) -> None:
    """Keep an order from leaving by itself when it is billed, so that staff can ship it in parts.

    Raises `AlreadyStopped` or `AlreadyLeaving`.
    """
    with transaction.atomic(), Shipment.objects.locked(order_id) as shipment:
        shipment.hold(by)


def ship_part(order_id: UUID, quantities: Mapping[int, int], by: str) -> Parcel:
    """Pack units, by position on the order, into a parcel; shipping's worker hands it over.

    Returns the parcel. Raises `AlreadyStopped`, `NotBilled`, `AlreadyShipped`,
    `NothingToShip` or `MoreThanOrdered`; nothing is packed then.
    """
    with transaction.atomic(), Shipment.objects.locked(order_id) as shipment:
        parcel = shipment.pack_part(quantities, uuid4(), by)
        emit(PartShipmentRequested(order_id=order_id, parcel_id=parcel.id, by=by))
    return parcel
