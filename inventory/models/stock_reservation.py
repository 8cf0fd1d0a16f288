"""The stock reserved for an order, line by line, and what became of it."""

from collections import Counter
from collections.abc import Container, Iterable, Mapping
from functools import cached_property

from django.db import connection, models
from django.db.models import F, Q
from django_fsm import RETURN_VALUE, FSMField, transition

from eventbus import LockingManager
from inventory.errors import NotPromised
from inventory.models.stock import Movement


class StockReservation(models.Model):
    """The stock reserved for one order. The first event about the order creates the row."""

    class State(models.TextChoices):
        EXPECTED = "expected", "not placed as far as we know"
        HELD = "held"
        REJECTED = "rejected", "rejected: not enough stock"
        RELEASED = "released"
        PARTLY_SOLD = "partly_sold", "shipped in part"
        SOLD = "sold", "shipped, as far as it was not closed"

    order_id = models.UUIDField(primary_key=True)
    state = FSMField(default=State.EXPECTED, choices=State.choices, protected=True)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = LockingManager["StockReservation"]()

    class Meta:
        indexes = [models.Index(fields=["created_at"], name="reservation_created")]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.state}"

    @cached_property
    def lines_by_sku(self) -> dict[str, "ReservationLine"]:
        """The order's reservations by SKU."""
        return {line.sku: line for line in self.lines.all()}

    @cached_property
    def changed_lines(self) -> dict[str, "ReservationLine"]:
        """Those of them that are to be saved, by SKU."""
        return {}

    @transition(field=state, source=State.EXPECTED, target=State.HELD)
    def reserve(self, wanted: Mapping[str, int], held: Container[str]) -> "list[ReservationLine]":
        """Promise these units by SKU to the order; those not `held` without holding any.

        Returns the lines of the promise, to be written by the caller.
        """
        return [
            ReservationLine(reservation=self, sku=sku, quantity=units, tracked=sku in held)
            for sku, units in wanted.items()
        ]

    @transition(field=state, source=State.EXPECTED, target=State.REJECTED)
    def reject(self) -> None:
        """Promise nothing: there is not enough."""

    @transition(
        field=state,
        source=[State.EXPECTED, State.HELD, State.PARTLY_SOLD],
        target=State.RELEASED,
    )
    def release(self) -> None:
        """Give up what has not been shipped."""

    @transition(
        field=state,
        source=[State.HELD, State.PARTLY_SOLD, State.RELEASED],
        target=RETURN_VALUE(State.PARTLY_SOLD, State.RELEASED, State.SOLD),
    )
    def ship(self, parcel: Mapping[str, int]) -> State:
        """Note that these units left; also after a release, for they are gone.

        Raises `NotPromised` when the order does not hold them. The caller saves the lines, here and
        below.
        """
        self._add("shipped", parcel)
        if all(line.left == 0 for line in self.lines_by_sku.values()):
            return self.State.SOLD
        if self.state == self.State.RELEASED:
            return self.State.RELEASED
        return self.State.PARTLY_SOLD

    @transition(
        field=state,
        source=[State.HELD, State.PARTLY_SOLD],
        target=RETURN_VALUE(State.HELD, State.PARTLY_SOLD, State.SOLD),
    )
    def close(self, units: Mapping[str, int]) -> State:
        """Give up these units; the rest of the order still gets what it was promised.

        Raises `NotPromised` when the order does not hold them.
        """
        self._add("closed", units)
        complete = all(line.left == 0 for line in self.lines_by_sku.values())
        return self.State.SOLD if complete else self.State(self.state)

    def take_back(self, units: Mapping[str, int]) -> None:
        """Note that these units came back, even if we have not heard yet that they left.

        Raises `NotPromised` when the order does not hold them.
        """
        self._add("returned", units)

    def tally(self) -> Counter[tuple[Movement.Kind, str]]:
        """Return units moved for this order so far, all things known taken together."""
        released = self.state == self.State.RELEASED
        return Counter(
            {
                (kind, sku): units
                for sku, line in self.lines_by_sku.items()
                for kind, units in line.tally(released).items()
            }
        )

    def _add(self, column: str, units: Mapping[str, int]) -> None:
        for sku, more in units.items():
            if sku not in self.lines_by_sku:
                raise NotPromised(f"order {self.order_id} holds no {sku}")
            self.changed_lines[sku] = line = self.lines_by_sku[sku]
            line.add(column, more)


#: One quick statement for hundreds of lines, where bulk_update builds a CASE for each.
SAVE = """
    UPDATE inventory_reservationline AS line
    SET shipped = new.shipped, returned = new.returned, closed = new.closed
    FROM unnest(%s::bigint[], %s::int[], %s::int[], %s::int[])
        AS new (id, shipped, returned, closed)
    WHERE line.id = new.id
"""


class ReservationLineManager(models.Manager["ReservationLine"]):
    def fetch(self, reservations: Iterable[StockReservation]) -> None:
        """Read the lines of all these reservations in one statement."""
        models.prefetch_related_objects(list(reservations), "lines")

    def save(self, reservations: Iterable[StockReservation]) -> None:
        """Write what became of the lines of these reservations."""
        rows = [
            (line.pk, line.shipped, line.returned, line.closed)
            for reservation in reservations
            for line in reservation.changed_lines.values()
        ]
        if not rows:
            return
        with connection.cursor() as cursor:
            cursor.execute(SAVE, [list(column) for column in zip(*rows, strict=True)])


class ReservationLine(models.Model):
    """Units of one SKU promised to an order, and what became of them."""

    reservation = models.ForeignKey(
        StockReservation, models.PROTECT, related_name="lines", db_column="order_id", db_index=False
    )
    sku = models.CharField("SKU", max_length=255)
    quantity = models.IntegerField(help_text="units promised")
    shipped = models.IntegerField(default=0)
    returned = models.IntegerField(default=0)
    closed = models.IntegerField(default=0, db_default=0, help_text="given up before they left")
    tracked = models.BooleanField(default=True, help_text="whether units are held for it")

    objects = ReservationLineManager()

    class Meta:
        ordering = ["sku"]
        constraints = [
            models.UniqueConstraint(fields=["reservation", "sku"], name="reservation_line_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="reservation_line_of_units"),
            models.CheckConstraint(
                condition=Q(shipped__gte=0, closed__gte=0)
                & Q(quantity__gte=F("shipped") + F("closed")),
                name="reservation_line_shipped_within",
            ),
            models.CheckConstraint(
                condition=Q(returned__gte=0, returned__lte=F("quantity")),
                name="reservation_line_returned_within",
            ),
        ]
        indexes = [models.Index(fields=["sku"], name="reservation_line_sku")]

    def __str__(self) -> str:
        return f"{self.sku}: {self.quantity}"

    @property
    def left(self) -> int:
        """Units still to be shipped."""
        return self.quantity - self.shipped - self.closed

    def add(self, column: str, units: int) -> None:
        """Count units as `shipped`, `returned` or `closed`; raises `NotPromised` above it."""
        total = getattr(self, column) + units
        if total > self.quantity - (self.closed if column == "shipped" else 0):
            raise NotPromised(f"{self.sku}: {total} {column} of {self.quantity} promised")
        setattr(self, column, total)

    def tally(self, released: bool) -> dict[Movement.Kind, int]:
        """Return units moved so far by kind; a return counts once the units have left."""
        if not self.tracked:
            return {}
        return {
            Movement.Kind.RESERVED: self.quantity,
            Movement.Kind.RELEASED: self.closed + (self.left if released else 0),
            Movement.Kind.SOLD: self.shipped,
            Movement.Kind.RETURNED: min(self.shipped, self.returned),
        }
