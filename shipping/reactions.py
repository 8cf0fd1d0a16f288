"""The reactions of the shipping app to events."""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from itertools import chain
from typing import Any
from uuid import UUID

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
from shipping.dispatch import hand_over, pack, parcels_due, track
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
from shipping.models import Parcel, ReturnParcel, Shipment, ShipmentLine
from shop.events import CustomerErased

#: A parcel leaves, and the carrier is asked for it later.
HANDING_OVER = (OrderShipped, TrackingDue)


@reacts_to(OrderPlaced, emits=[HandOverDue, *HANDING_OVER], many=True, backfill="mute")
def prepare_shipment(events: list[OrderPlaced]) -> ExternalCalls:
    """Take down what goes where; pack it if the order was billed before this came."""
    with _shipments_of(events, mostly_new=True) as shipments:
        lines = [shipments[event.order_id].prepare(event) for event in events]
        ShipmentLine.objects.bulk_create(chain.from_iterable(lines))
        leaving = pack([(event, shipments[event.order_id]) for event in events])
    yield from hand_over(leaving)


@reacts_to(StockRejected)
def stop_unservable_order(event: StockRejected) -> None:
    """Stop an order that cannot be fulfilled: nothing will leave."""
    with Shipment.objects.get_or_create_for_update(pk=event.order_id) as shipment:
        shipment.stop_unless_leaving()


@reacts_to(OrderBilled, emits=[HandOverDue, *HANDING_OVER], many=True, backfill="mute")
def ship_order(events: list[OrderBilled]) -> ExternalCalls:
    """Pack what is prepared; otherwise `prepare_shipment` does when the order comes."""
    with _shipments_of(events) as shipments:
        for event in events:
            shipments[event.order_id].bill(event.occurred_at)
        leaving = pack([(event, shipments[event.order_id]) for event in events])
    yield from hand_over(leaving)


@reacts_to(HandOverDue, emits=HANDING_OVER, many=True, backfill="mute")
def ship_packed(events: list[HandOverDue]) -> ExternalCalls:
    """Hand over what is packed, unless it was stopped or held back meanwhile."""
    with _shipments_of(events) as shipments:
        leaving = parcels_due([(event, shipments[event.order_id]) for event in events])
    yield from hand_over(leaving)


@reacts_to(ShipPart, emits=HANDING_OVER, many=True, backfill="mute")
def ship_part(events: list[ShipPart]) -> ExternalCalls:
    """Hand over what staff packed."""
    packed = Parcel.objects.select_related("shipment")
    parcels = packed.in_bulk([event.parcel_id for event in events])
    yield from hand_over([(event, parcels[event.parcel_id]) for event in events])


@reacts_to(TrackingDue, emits=[OrderDelivered, ParcelLost, TrackingDue], many=True, backfill="mute")
def ask_carrier(events: list[TrackingDue]) -> ExternalCalls:
    """Find out whether parcels were delivered."""
    yield from track(events)


@reacts_to(ReturnApproved, emits=[ReturnTrackingDue], backfill="mute")
def book_return(event: ReturnApproved) -> ExternalCalls:
    """Have the carrier fetch what may come back."""
    yield from return_pickup.fetch(ReturnParcel.of(event))


@reacts_to(ReturnTrackingDue, emits=[ReturnArrived, ReturnTrackingDue], backfill="mute")
def ask_carrier_for_return(event: ReturnTrackingDue) -> ExternalCalls:
    """Find out whether goods have come back."""
    yield from return_pickup.track(ReturnParcel.objects.get(pk=event.return_id))


@reacts_to(OrderHeld)
def wait_while_on_hold(event: OrderHeld) -> None:
    """Let nothing leave; a parcel that is leaving leaves."""
    with Shipment.objects.get_or_create_for_update(pk=event.order_id) as shipment:
        shipment.note_hold(True, event.revision)


@reacts_to(OrderReleased, emits=[HandOverDue, *HANDING_OVER], many=True, backfill="mute")
def ship_released(events: list[OrderReleased]) -> ExternalCalls:
    """Pack what was waiting for the end of the hold."""
    with _shipments_of(events) as shipments:
        for event in events:
            shipments[event.order_id].note_hold(False, event.revision)
        leaving = pack([(event, shipments[event.order_id]) for event in events])
    yield from hand_over(leaving)


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
    """Stop the shipment of an order that is off: nothing will leave."""
    with Shipment.objects.get_or_create_for_update(pk=event.order_id) as shipment:
        shipment.stop_unless_leaving()


@reacts_to(CustomerErased)
def forget_customer(event: CustomerErased) -> None:
    """Keep nothing of where their parcels went."""
    erasure.forget(event.order_ids)


def _shipments_of(
    events: Iterable[Any], *, mostly_new: bool = False
) -> AbstractContextManager[dict[UUID, Shipment]]:
    """Lock the shipments of these events' orders, made where nothing is known of them yet."""
    ids = [event.order_id for event in events]
    return Shipment.objects.get_or_create_many_for_update(pk=ids, mostly_new=mostly_new)
