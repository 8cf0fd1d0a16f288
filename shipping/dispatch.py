"""The way of a parcel from packing to the doorstep."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.conf import settings
from django.db.models import prefetch_related_objects

from eventbus import Event, ExternalCalls, because_of, emit, now
from shipping import adapters, erasure
from shipping.events import HandOverDue, OrderDelivered, OrderShipped, ParcelLost, TrackingDue
from shipping.models import Parcel, Shipment

LONGEST_TRACKING_INTERVAL = timedelta(days=1)
#: Shipments, each with the event that may let it leave.
Due = Sequence[tuple[Event, Shipment]]
#: Parcels that leave now, each with the event because of which.
Leaving = Sequence[tuple[Event, Parcel]]


def pack(due: Due) -> Leaving:
    """Pack what these events let leave; mostly packing takes its time first.

    Returns the parcels that leave at once.
    """
    if settings.PACKING_TIME:
        for event, shipment in due:
            if shipment.ready_to_ship:
                shipment.expect_to_leave(now() + settings.PACKING_TIME)
                with because_of(event):
                    task = HandOverDue(order_id=shipment.order_id)
                    emit(task, publish_after=shipment.leaves_at)
        due = [(event, shipment) for event, shipment in due if not shipment.ready_to_ship]
    return parcels_due(due)


def parcels_due(due: Due) -> Leaving:
    """Pack what these events let leave at once."""
    prefetch_related_objects([each for _, each in due if each.ready_to_ship], "lines")
    leaving = [(event, parcel) for event, each in due if (parcel := each.parcel_due(event.id))]
    Parcel.save_packed([parcel for _, parcel in leaving if parcel._state.adding])
    return leaving


def hand_over(leaving: Leaving) -> ExternalCalls:
    """Give parcels to the carrier, each once, and state that they left."""
    leaving = [(event, parcel) for event, parcel in leaving if not parcel.handed_over_at]
    if not leaving:
        return
    answers = yield {
        event.id: partial(
            adapters.hand_over_once,
            parcel.id,
            parcel.shipment.ship_to,
            parcel.contents,
            parcel.label,
        )
        for event, parcel in leaving
    }
    taken = [(event, parcel) for event, parcel in leaving if event.id in answers]
    with _locked(parcel for _, parcel in taken) as (shipments, parcels):
        for event, packed in taken:
            shipment, parcel = shipments[packed.shipment_id], parcels[packed.id]
            consignment = answers[event.id]
            shipment.note_shipped(parcel.units)
            parcel.contents = packed.contents
            parcel.hand_over(adapters.carrier().name, *consignment)
            erasure.forget_labels(shipment)
            with because_of(event):
                emit(_shipped(shipment, parcel))
                emit(_tracking(parcel), publish_after=consignment.expected_at)


def track(events: Sequence[TrackingDue]) -> ExternalCalls:
    """Ask the carrier where parcels are: state their delivery, or ask again later."""
    parcels = Parcel.objects.in_bulk([event.parcel_id for event in events])
    answers = yield {
        event.id: partial(adapters.carrier().track, parcels[event.parcel_id].tracking_number)
        for event in events
        if parcels[event.parcel_id].is_on_its_way
    }
    asked = [event for event in events if event.id in answers]
    with _locked(parcels[event.parcel_id] for event in asked) as (shipments, locked):
        for event in asked:
            parcel = locked[event.parcel_id]
            if parcel.is_on_its_way:
                with because_of(event):
                    _ENDS.get(answers[event.id], _ask_again)(shipments[event.order_id], parcel)


@contextmanager
def _locked(
    parcels: Iterable[Parcel],
) -> Iterator[tuple[dict[UUID, Shipment], dict[UUID, Parcel]]]:
    """Lock the shipments of these parcels, and then the parcels."""
    parcels = list(parcels)
    with (
        Shipment.objects.get_many_for_update(
            pk=[each.shipment_id for each in parcels]
        ) as shipments,
        Parcel.objects.get_many_for_update(pk=[each.id for each in parcels]) as locked,
    ):
        yield shipments, locked


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
    """Wait as long again as a parcel on its way since then has travelled by now, up to a day."""
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
