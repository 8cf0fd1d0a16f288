"""The events of the shipping app."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from eventbus import Deadline, Event, Mailbox, Personal, Task


class ShippedLine(Event.Value):
    #: position on the order, from 1; 0 where it is not told
    line: int = 0
    sku: str
    #: as on the order
    title: str = ""
    quantity: int


class OrderShipped(Event):
    """A parcel of the order was handed to the carrier."""

    order_id: UUID
    number: str
    email: Personal[Mailbox]
    parcel_id: UUID
    carrier: str
    tracking_number: str
    #: when the carrier expects to deliver it
    expected_at: datetime | None = None
    #: what this parcel holds
    lines: tuple[ShippedLine, ...] = Field(max_length=1200)
    #: whether nothing more of the order will be shipped
    complete: bool
    #: units of the order that will not come: `RestClosed` and `ParcelLost` tell of them
    missing: int = 0


class OrderDelivered(Event):
    """A parcel of the order reached the doorstep."""

    order_id: UUID
    number: str
    email: Personal[Mailbox]
    parcel_id: UUID
    tracking_number: str
    #: whether nothing more of the order will arrive
    complete: bool
    #: units of the order that will not come: `RestClosed` and `ParcelLost` tell of them
    missing: int = 0


class ShipmentStopped(Event):
    """Nothing of the order has left and nothing will: it can be cancelled."""

    order_id: UUID


class RestClosed(Event):
    """A part of the order has left or is leaving, and what is left of it will never be shipped."""

    order_id: UUID
    #: what will not be shipped
    lines: tuple[ShippedLine, ...] = Field(max_length=1200)
    #: whether all that ships has been handed to the carrier
    shipped: bool
    #: whether all that ships has been delivered
    delivered: bool


class ParcelLost(Event):
    """A parcel of the order will not arrive: the carrier lost it, or staff gave it up."""

    order_id: UUID
    parcel_id: UUID
    tracking_number: str
    #: who of the staff gave it up; empty: the carrier says so
    by: str = ""
    #: what it held
    lines: tuple[ShippedLine, ...] = Field(max_length=1200)
    #: whether nothing more of the order will arrive
    complete: bool


class ReturnArrived(Event):
    """The carrier brought goods of an order back to us."""

    order_id: UUID
    return_id: UUID


# Deadlines: timers of our own, emitted ahead and published when due.


class HandOverDue(Deadline):
    """The time to pack an order is over: its parcel can leave."""

    order_id: UUID


class TrackingDue(Deadline):
    """Time to ask the carrier where a parcel is."""

    order_id: UUID
    parcel_id: UUID


class ReturnTrackingDue(Deadline):
    """Time to ask the carrier where a return is."""

    order_id: UUID
    return_id: UUID


# Tasks: commands to ourselves, carried out by a worker of ours.


class ShipPart(Task):
    """Hand the parcel that staff packed with a part of the order to the carrier."""

    order_id: UUID
    parcel_id: UUID
    #: who packed it
    by: str
