"""The way of returned goods from the doorstep to us."""

from eventbus import ExternalCalls, emit
from shipping import adapters, erasure
from shipping.dispatch import next_tracking
from shipping.events import ReturnArrived, ReturnTrackingDue
from shipping.models import ReturnParcel, Shipment


def fetch(parcel: ReturnParcel) -> ExternalCalls:
    """Have the carrier fetch the goods, once."""
    if parcel.booked_at:
        return
    address, contents = parcel.shipment.ship_to, parcel.contents
    taken = yield lambda: adapters.collect_once(parcel.id, address, contents)
    parcel.book(adapters.carrier().name, *taken)
    erasure.forget_labels(Shipment.objects.get(pk=parcel.shipment_id))
    emit(_tracking(parcel), publish_after=taken.expected_at)


def track(parcel: ReturnParcel) -> ExternalCalls:
    """Ask the carrier where the goods are: state their arrival, or ask again later."""
    if parcel.arrived_at:
        return
    state = yield lambda: adapters.carrier().track(parcel.tracking_number)
    if state != "delivered":
        emit(_tracking(parcel), publish_after=next_tracking(parcel.booked_at))
        return
    parcel.arrive()
    emit(ReturnArrived(order_id=parcel.shipment_id, return_id=parcel.id))


def _tracking(parcel: ReturnParcel) -> ReturnTrackingDue:
    return ReturnTrackingDue(order_id=parcel.shipment_id, return_id=parcel.id)
