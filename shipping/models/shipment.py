"""One order's dispatch: what is known, what may happen, what is refused."""

from collections.abc import Mapping
from datetime import datetime
from operator import attrgetter
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django_fsm import RETURN_VALUE, FSMField, FSMModelMixin, can_proceed, transition

from eventbus import LockingManager, masked
from orders.events import Address, OrderPlaced
from shipping.errors import (
    AlreadyLeaving,
    AlreadyShipped,
    AlreadyStopped,
    MoreThanOrdered,
    NotBilled,
    NothingToShip,
    OnHold,
)
from shipping.events import ShippedLine
from shipping.models.parcel import Parcel, ShipmentLine


class State(models.TextChoices):
    NEW = "new", "new, order not seen yet"
    PREPARING = "preparing"
    HANDING_OVER = "handing_over", "handing over"
    PARTLY_SHIPPED = "partly_shipped", "partly shipped"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    STOPPED = "stopped"
    NOTHING = "nothing", "nothing to ship"


class Shipment(FSMModelMixin, models.Model):
    """What is known of one order's dispatch, in whatever order it became known.

    `handing_over` is the point of no return, committed before the carrier is
    called. Until then a shipment can be stopped, and then nothing ever leaves.
    """

    order_id = models.UUIDField(primary_key=True)
    number = models.CharField(max_length=50, blank=True)
    email = models.CharField(max_length=254, blank=True)
    address = models.JSONField(null=True)
    state = FSMField(default=State.NEW, choices=State.choices, protected=True)
    prepared_at = models.DateTimeField(null=True)
    billed_at = models.DateTimeField(null=True)
    leaves_at = models.DateTimeField(null=True, help_text="when its goods are packed")
    cancellation_answered_at = models.DateTimeField(null=True)
    held_by = models.CharField(max_length=150, blank=True, help_text="who ships it by hand")
    on_hold = models.BooleanField(
        default=False, db_default=False, help_text="nothing of it may leave for now"
    )
    hold_revision = models.PositiveIntegerField(
        default=0, db_default=0, help_text="of the newest hold seen"
    )
    ordered = models.PositiveIntegerField(default=0, help_text="units")
    packed = models.PositiveIntegerField(default=0, help_text="units in parcels")
    shipped = models.PositiveIntegerField(default=0, help_text="units the carrier took")
    delivered = models.PositiveIntegerField(default=0, help_text="units at the doorstep")
    closed = models.PositiveIntegerField(
        default=0, db_default=0, help_text="units that will not be shipped"
    )
    lost = models.PositiveIntegerField(default=0, db_default=0, help_text="units lost on their way")
    created_at = models.DateTimeField(default=timezone.now)
    erased_at = models.DateTimeField(null=True, help_text="when its shopper was forgotten")

    objects = LockingManager["Shipment"]()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="shipping_never_more_than_ordered",
                condition=Q(
                    shipped__gte=F("delivered") + F("lost"),
                    shipped__lte=F("packed"),
                    ordered__gte=F("packed") + F("closed"),
                ),
            ),
            models.CheckConstraint(
                name="shipping_stopped_means_nothing_leaves",
                condition=~Q(state=State.STOPPED) | Q(packed=0),
            ),
            models.CheckConstraint(
                name="shipping_nothing_leaves_unbilled",
                condition=Q(packed=0) | Q(billed_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["number"], name="shipping_number"),
            models.Index(fields=["state", "created_at"], name="shipping_state"),
        ]
        permissions = [("ship_by_hand", "Can hold orders back and ship them in parts")]

    def __str__(self) -> str:
        return self.number or str(self.order_id)

    @property
    def ship_to(self) -> Address:
        return Address.model_validate(self.address)

    # Facts

    def prepare(self, order: OrderPlaced) -> list[ShipmentLine]:
        """Take down what is to be sent where; returns the lines, to be saved."""
        if self.prepared_at:
            return []
        if self.erased_at:
            order = order.masked()
        self.prepared_at = order.occurred_at
        self.number, self.email = order.number, order.email
        self.address = order.ship_to.model_dump(mode="json")
        to_ship = [line for line in order.lines if line.requires_shipping]
        self.ordered = sum(line.quantity for line in to_ship)
        self._move_on()
        return [ShipmentLine.of(self, line) for line in to_ship]

    def forget(self, at: datetime) -> None:
        """Keep nothing of whom it is for, now and when it comes to be known later."""
        self.erased_at, self.email = at, ""
        self.address = masked(Address, self.address) if self.address else None

    def bill(self, at: datetime) -> None:
        """Record that it is paid and invoiced."""
        self.billed_at = at

    def expect_to_leave(self, at: datetime) -> None:
        """Record that its goods are packed by then."""
        self.leaves_at = at

    def note_hold(self, on_hold: bool, revision: int) -> None:
        """Record a hold or its end; older word than the newest seen says nothing."""
        if revision > self.hold_revision:
            self.on_hold, self.hold_revision = on_hold, revision

    def _move_on(self) -> None:
        if self.prepared_at and self.state == State.NEW:
            self.start_preparing()
            if not self.ordered:
                self.leave_alone()

    # Questions

    @property
    def ready_to_ship(self) -> bool:
        """Return whether everything leaves now: prepared, billed, neither stopped nor held back."""
        nothing_left_yet = self.state == State.PREPARING
        waits = self.held_by or self.on_hold
        return bool(nothing_left_yet and self.billed_at and not waits)

    @property
    def is_shipped(self) -> bool:
        """Return whether the carrier has everything that ships."""
        return self.shipped == self.ordered - self.closed

    @property
    def is_delivered(self) -> bool:
        """Return whether everything that ships has arrived, or is lost."""
        return self.delivered + self.lost == self.ordered - self.closed

    @property
    def missing(self) -> int:
        """Units that will not come."""
        return self.closed + self.lost

    @property
    def has_rest(self) -> bool:
        """Return whether something is in no parcel yet and may still be shipped."""
        return self.packed + self.closed < self.ordered

    # States

    @transition(field=state, source=State.NEW, target=State.PREPARING)
    def start_preparing(self) -> None:
        """Record that the order is known."""

    @transition(
        field=state,
        source=[State.PREPARING, State.HANDING_OVER, State.PARTLY_SHIPPED],
        target=State.HANDING_OVER,
    )
    def start_handing_over(self, units: int) -> None:
        """Record that from here on these units leave, whatever happens."""
        self.packed += units

    @transition(
        field=state,
        source=State.HANDING_OVER,
        target=RETURN_VALUE(State.HANDING_OVER, State.PARTLY_SHIPPED, State.SHIPPED),
    )
    def note_shipped(self, units: int) -> State:
        """Record that the carrier has these units."""
        self.shipped += units
        return self._as_far_as_known()

    @transition(
        field=state,
        source=[State.HANDING_OVER, State.PARTLY_SHIPPED, State.SHIPPED],
        target=RETURN_VALUE(
            State.HANDING_OVER, State.PARTLY_SHIPPED, State.SHIPPED, State.DELIVERED
        ),
    )
    def note_delivered(self, units: int) -> State:
        """Record that these units reached the doorstep."""
        self.delivered += units
        return self._as_far_as_known()

    @transition(
        field=state,
        source=[State.HANDING_OVER, State.PARTLY_SHIPPED, State.SHIPPED],
        target=RETURN_VALUE(
            State.HANDING_OVER, State.PARTLY_SHIPPED, State.SHIPPED, State.DELIVERED
        ),
    )
    def note_lost(self, units: int) -> State:
        """Record that these units will not arrive."""
        self.lost += units
        return self._as_far_as_known()

    @transition(
        field=state,
        source=[State.HANDING_OVER, State.PARTLY_SHIPPED],
        target=RETURN_VALUE(State.HANDING_OVER, State.SHIPPED, State.DELIVERED),
        conditions=[attrgetter("has_rest")],
    )
    def close_rest(self) -> State:
        """Close what is in no parcel yet: it never ships."""
        self.closed = self.ordered - self.packed
        return self._as_far_as_known()

    @transition(field=state, source=State.PREPARING, target=State.NOTHING)
    def leave_alone(self) -> None:
        """Record that nothing of the order needs to be shipped."""

    @transition(
        field=state,
        source=[State.NEW, State.PREPARING, State.NOTHING],
        target=State.STOPPED,
    )
    def stop(self) -> None:
        """Record that nothing leaves any more."""

    def _as_far_as_known(self) -> State:
        if self.shipped < self.packed:
            return State.HANDING_OVER
        if not self.is_shipped:
            return State.PARTLY_SHIPPED
        return State.DELIVERED if self.is_delivered else State.SHIPPED

    def close_what_is_left(self) -> tuple[ShippedLine, ...]:
        """Close what is in no parcel, where a part has left or is leaving; returns what that is."""
        if not can_proceed(self.close_rest):
            return ()
        self.close_rest()
        lines = list(self.lines.filter(quantity__gt=F("shipped")))
        self.lines.update(closed=F("quantity") - F("shipped"))
        return tuple(line.units(line.left) for line in lines)

    def stop_unless_leaving(self) -> None:
        """Stop, unless it is too late or was done before."""
        if can_proceed(self.stop):
            self.stop()

    def answers_stopped(self, at: datetime) -> bool:
        """Return whether to answer a request to cancel with "stopped"; true once."""
        if self.state != State.STOPPED or self.cancellation_answered_at:
            return False
        self.cancellation_answered_at = at
        return True

    # Parcels

    def parcel_due(self, cause: UUID) -> Parcel | None:
        """Return the parcel with everything that the event `cause` lets leave, if it does.

        It bears the event's id: a second run finds the parcel of the first. A new one is to be
        saved, see `Parcel.save_packed`.
        """
        if self.ready_to_ship:
            return self._pack({line: line.quantity for line in self.lines.all()}, cause)
        if self.state == State.HANDING_OVER:
            return self.parcels.filter(pk=cause).first()
        return None

    def pack_part(
        self, quantities: Mapping[int, int], parcel_id: UUID, by: str, label: str = ""
    ) -> Parcel:
        """Put units, by position on the order, into a parcel that leaves now.

        Raises `OnHold`, `AlreadyStopped`, `NotBilled`, `AlreadyShipped`, `NothingToShip`
        or `MoreThanOrdered`.
        """
        self._refuse_parcel()
        if not quantities or min(quantities.values()) < 1:
            raise NothingToShip("a parcel holds at least one unit of each of its lines")
        lines = {line.position: line for line in self.lines.all()}
        for position, units in quantities.items():
            left = lines[position].left if position in lines else 0
            if units > left:
                raise MoreThanOrdered(f"line {position}: {units} asked for, {left} left")
        wanted = {lines[position]: units for position, units in quantities.items()}
        parcel = self._pack(wanted, parcel_id, by, label)
        Parcel.save_packed([parcel])
        return parcel

    def hold(self, by: str) -> None:
        """Keep it from leaving by itself once billed, so that it can be shipped in parts.

        Raises `AlreadyStopped`, `NothingToShip` or `AlreadyLeaving`.
        """
        if self.state == State.STOPPED:
            raise AlreadyStopped(f"{self} was stopped")
        if self.state == State.NOTHING:
            raise NothingToShip(f"{self}: nothing of it needs to be shipped")
        if self.packed:
            raise AlreadyLeaving(f"{self}: a parcel left or is leaving")
        self.held_by = by

    def _refuse_parcel(self) -> None:
        if self.on_hold:
            raise OnHold(f"{self} is on hold")
        if self.state == State.STOPPED:
            raise AlreadyStopped(f"{self} was stopped")
        if not (self.prepared_at and self.billed_at):
            raise NotBilled(f"{self} is not billed yet")
        if not self.has_rest:
            raise AlreadyShipped(f"{self}: everything left, is leaving or was closed")

    def _pack(
        self, quantities: Mapping[ShipmentLine, int], parcel_id: UUID, by: str = "", label: str = ""
    ) -> Parcel:
        units = sum(quantities.values())
        self.start_handing_over(units)
        parcel = Parcel(id=parcel_id, shipment=self, units=units, packed_by=by, label=label)
        parcel.packed = quantities
        return parcel
