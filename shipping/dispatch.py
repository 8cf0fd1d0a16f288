"""The way of a parcel from packing to the doorstep."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from eventbus import ExternalCalls, emit, now
from shipping import adapters, erasure
from shipping.events import HandOverDue, OrderDelivered, OrderShipped, ParcelLost, TrackingDue
from shipping.models import Parcel, Shipment

LONGEST_TRACKING_INTERVAL = timedelta(days=1)


def pack(shipment: Shipment, cause: UUID) -> Parcel | None:
    """The parcel that the event `cause` lets leave at once; mostly packing takes its time first."""
    if not (settings.PACKING_TIME and shipment.ready_to_ship):
        return shipment.parcel_due(cause)
    shipment.expect_to_leave(now() + settings.PACKING_TIME)
    emit(HandOverDue(order_id=shipment.order_id), publish_after=shipment.leaves_at)
    return None


def hand_over(parcel: Parcel | None) -> ExternalCalls:
    """Give a parcel to the carrier, once, and emit that it left. Without a parcel: nothing."""
    if parcel is None or parcel.handed_over_at:
        return
    address, contents = parcel.shipment.ship_to, parcel.contents
    taken = yield lambda: adapters.hand_over_once(parcel.id, address, contents, parcel.label)
    with Shipment.objects.get_for_update(pk=parcel.shipment_id) as shipment:
        shipment.note_shipped(parcel.units)
        parcel.hand_over(adapters.carrier().name, *taken)
        erasure.forget_labels(shipment)
    emit(_shipped(shipment, parcel))
    emit(_tracking(parcel), publish_after=taken.expected_at)


def track(parcel: Parcel) -> ExternalCalls:
    """Ask the carrier where a parcel is: state its delivery, or ask again later."""
    if not parcel.is_on_its_way:
        return
    state = yield lambda: adapters.carrier().track(parcel.tracking_number)
    with Shipment.objects.get_for_update(pk=parcel.shipment_id) as shipment:
        parcel.refresh_from_db()
        if parcel.is_on_its_way:
            _ENDS.get(state, _ask_again)(shipment, parcel)


def give_up(shipment: Shipment, parcel: Parcel, by: str = "") -> None:
    """Emit that a parcel will not arrive. `by` is who of the staff says so."""
    shipment.note_lost(parcel.units)
    parcel.lose()
    emit(
        ParcelLost(
            order_id=shipment.order_id,
            parcel_id=parcel.id,
            tracking_number=parcel.tracking_number,
            by=by,
            lines=parcel.contents,
            complete=shipment.is_delivered,
        )
    )


def _deliver(shipment: Shipment, parcel: Parcel) -> None:
    shipment.note_delivered(parcel.units)
    parcel.deliver()
    emit(_delivered(shipment, parcel))


def _ask_again(shipment: Shipment, parcel: Parcel) -> None:
    emit(_tracking(parcel), publish_after=next_tracking(parcel.handed_over_at))


#: What the carrier may say of the end of a parcel's way.
_ENDS = {"delivered": _deliver, "lost": give_up}


def next_tracking(since: datetime | None) -> datetime:
    """After as long again as a parcel on its way since then has travelled by now, up to a day."""
    moment = now()
    travelled = moment - (since or moment)
    return moment + min(max(travelled, settings.CARRIER_TRANSIT), LONGEST_TRACKING_INTERVAL)


def _tracking(parcel: Parcel) -> TrackingDue:
    return TrackingDue(order_id=parcel.shipment_id, parcel_id=parcel.id)


def _shipped(shipment: Shipment, parcel: Parcel) -> OrderShipped:
    return OrderShipped(
        order_id=shipment.order_id,
        number=shipment.number,
        email=shipment.email,
        parcel_id=parcel.id,
        carrier=parcel.carrier,
        tracking_number=parcel.tracking_number,
        expected_at=parcel.expected_at,
        lines=parcel.contents,
        complete=shipment.is_shipped,
        missing=shipment.missing,
    )


def _delivered(shipment: Shipment, parcel: Parcel) -> OrderDelivered:
    return OrderDelivered(
        order_id=shipment.order_id,
        number=shipment.number,
        email=shipment.email,
        parcel_id=parcel.id,
        tracking_number=parcel.tracking_number,
        complete=shipment.is_delivered,
        missing=shipment.missing,
    )
