"""The reactions of the shipping app to events."""

from billing.events import OrderBilled
from eventbus import ExternalCalls, emit, reacts_to
from inventory.events import StockRejected
from orders.events import (
    CancellationRequested,
    OrderCancelled,
    OrderHeld,
    OrderPlaced,
    OrderReleased,
    ReturnApproved,
)
from shipping import erasure, return_pickup
from shipping.dispatch import hand_over, pack, track
from shipping.events import (
    HandOverDue,
    OrderDelivered,
    OrderShipped,
    ParcelLost,
    RestClosed,
    ReturnArrived,
    ReturnTrackingDue,
    ShipmentStopped,
    ShipPart,
    TrackingDue,
)
from shipping.models import Parcel, ReturnParcel, Shipment
from shop.events import CustomerErased

#: A parcel leaves, and the carrier is asked for it later.
HANDING_OVER = (OrderShipped, TrackingDue)


@reacts_to(OrderPlaced, emits=[HandOverDue, *HANDING_OVER])
def prepare_shipment(event: OrderPlaced) -> ExternalCalls:
    """Take down what goes where; pack it if the order was billed before this came."""
    new = Shipment.objects.get_or_create_for_update(pk=event.order_id, mostly_new=True)
    with new as shipment:
        shipment.prepare(event)
        parcel = pack(shipment, event.id)
    yield from hand_over(parcel)


@reacts_to(StockRejected)
def stop_unservable_order(event: StockRejected) -> None:
    """The order cannot be fulfilled: nothing will leave."""
    with Shipment.objects.get_or_create_for_update(pk=event.order_id) as shipment:
        shipment.stop_unless_leaving()


@reacts_to(OrderBilled, emits=[HandOverDue, *HANDING_OVER])
def ship_order(event: OrderBilled) -> ExternalCalls:
    """Pack what is prepared; otherwise `prepare_shipment` does when the order comes."""
    with Shipment.objects.get_or_create_for_update(pk=event.order_id) as shipment:
        shipment.bill(event.occurred_at)
        parcel = pack(shipment, event.id)
    yield from hand_over(parcel)


@reacts_to(HandOverDue, emits=HANDING_OVER)
def ship_packed(event: HandOverDue) -> ExternalCalls:
    """Hand over what is packed, unless it was stopped or held back meanwhile."""
    with Shipment.objects.get_or_create_for_update(pk=event.order_id) as shipment:
        parcel = shipment.parcel_due(event.id)
    yield from hand_over(parcel)


@reacts_to(ShipPart, emits=HANDING_OVER)
def ship_part(event: ShipPart) -> ExternalCalls:
    """Hand over what staff packed."""
    yield from hand_over(Parcel.objects.select_related("shipment").get(pk=event.parcel_id))


@reacts_to(TrackingDue, emits=[OrderDelivered, ParcelLost, TrackingDue])
def ask_carrier(event: TrackingDue) -> ExternalCalls:
    """Find out whether a parcel was delivered."""
    yield from track(Parcel.objects.get(pk=event.parcel_id))


@reacts_to(ReturnApproved, emits=[ReturnTrackingDue])
def book_return(event: ReturnApproved) -> ExternalCalls:
    """Have the carrier fetch what may come back."""
    yield from return_pickup.fetch(ReturnParcel.of(event))


@reacts_to(ReturnTrackingDue, emits=[ReturnArrived, ReturnTrackingDue])
def ask_carrier_for_return(event: ReturnTrackingDue) -> ExternalCalls:
    """Find out whether goods have come back."""
    yield from return_pickup.track(ReturnParcel.objects.get(pk=event.return_id))


@reacts_to(OrderHeld)
def wait_while_on_hold(event: OrderHeld) -> None:
    """Let nothing leave; a parcel that is leaving leaves."""
    with Shipment.objects.get_or_create_for_update(pk=event.order_id) as shipment:
        shipment.note_hold(True, event.revision)


@reacts_to(OrderReleased, emits=[HandOverDue, *HANDING_OVER])
def ship_released(event: OrderReleased) -> ExternalCalls:
    """Pack what was waiting for the end of the hold."""
    with Shipment.objects.get_or_create_for_update(pk=event.order_id) as shipment:
        shipment.note_hold(False, event.revision)
        parcel = pack(shipment, event.id)
    yield from hand_over(parcel)


@reacts_to(CancellationRequested, emits=[ShipmentStopped, RestClosed])
def answer_cancellation(event: CancellationRequested) -> None:
    """Stop if nothing is leaving, close the rest if a part is, and say so.

    Where everything is leaving `OrderShipped` is the answer.
    """
    with Shipment.objects.get_or_create_for_update(pk=event.order_id) as shipment:
        shipment.stop_unless_leaving()
        if shipment.answers_stopped(event.occurred_at):
            emit(ShipmentStopped(order_id=event.order_id))
        if lines := shipment.close_what_is_left():
            emit(
                RestClosed(
                    order_id=event.order_id,
                    lines=lines,
                    shipped=shipment.is_shipped,
                    delivered=shipment.is_delivered,
                )
            )


@reacts_to(OrderCancelled)
def cancel_shipment(event: OrderCancelled) -> None:
    """The order is off: nothing will leave."""
    with Shipment.objects.get_or_create_for_update(pk=event.order_id) as shipment:
        shipment.stop_unless_leaving()


@reacts_to(CustomerErased)
def forget_customer(event: CustomerErased) -> None:
    """Keep nothing of where their parcels went."""
    erasure.forget(event.order_ids)
