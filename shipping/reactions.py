"""What the shipping app does about others' facts."""

from billing.events import OrderBilled, PaymentAuthorized, PaymentFailed
from inventory.events import StockRejected, StockReserved
from orders.events import CancellationRequested, OrderCancelled, OrderPlaced
from shipping.events import PartShipmentRequested, ShipmentStopped, TrackingDue
from shipping.handing_over import Outside, hand_over, look_after
from shipping.models import Parcel, Shipment
from shop.bus import emit, reacts_to


@reacts_to(OrderPlaced)
def prepare_shipment(event: OrderPlaced) -> Outside:
    """Take down what goes where; ship at once if the order was billed before this came."""
    with Shipment.objects.locked(event.order_id) as shipment:
        shipment.prepare(event)
        parcel = shipment.parcel_due(event.id)
    yield from hand_over(parcel)


@reacts_to(StockReserved)
def note_stock_held(event: StockReserved) -> None:
    """The goods are there to be packed."""
    with Shipment.objects.locked(event.order_id) as shipment:
        shipment.note_stock_held(event.stated_at)


@reacts_to(PaymentAuthorized)
def start_picking(event: PaymentAuthorized) -> None:
    """The payment is expected: once the goods are held too, packing starts."""
    with Shipment.objects.locked(event.order_id) as shipment:
        shipment.expect_payment(event.stated_at)


@reacts_to(StockRejected, PaymentFailed)
def stop_packing(event: StockRejected | PaymentFailed) -> None:
    """The order cannot be fulfilled: nothing will leave."""
    with Shipment.objects.locked(event.order_id) as shipment:
        shipment.stop_unless_leaving()


@reacts_to(OrderBilled)
def ship_order(event: OrderBilled) -> Outside:
    """Ship what is prepared; otherwise `prepare_shipment` does when the order comes."""
    with Shipment.objects.locked(event.order_id) as shipment:
        shipment.bill(event.stated_at)
        parcel = shipment.parcel_due(event.id)
    yield from hand_over(parcel)


@reacts_to(PartShipmentRequested)
def ship_part(event: PartShipmentRequested) -> Outside:
    """Hand over what staff packed."""
    yield from hand_over(Parcel.objects.select_related("shipment").get(pk=event.parcel_id))


@reacts_to(TrackingDue)
def ask_carrier(event: TrackingDue) -> Outside:
    """Find out whether a parcel was delivered."""
    yield from look_after(Parcel.objects.get(pk=event.parcel_id))


@reacts_to(CancellationRequested)
def answer_cancellation(event: CancellationRequested) -> None:
    """Stop if nothing is leaving, and say so; otherwise `OrderShipped` is the answer."""
    with Shipment.objects.locked(event.order_id) as shipment:
        shipment.stop_unless_leaving()
        if shipment.answers_stopped(event.stated_at):
            emit(ShipmentStopped(order_id=event.order_id))


@reacts_to(OrderCancelled)
def cancel_shipment(event: OrderCancelled) -> None:
    """The order is off: nothing will leave."""
    with Shipment.objects.locked(event.order_id) as shipment:
        shipment.stop_unless_leaving()
