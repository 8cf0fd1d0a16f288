"""The stories a replay begins: everything that follows from the events it emits itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar, cast
from uuid import UUID

from django.db.models import Count, QuerySet, Sum, Value

from eventbus import Event, registry
from eventbus.delivery.models import Delivery, OutboxEvent
from eventbus.envelope import Envelope
from notifications.events import CartReminderDue
from orders.events import OrderCancelled, OrderCompleted, ShippingDeadlineReached

AnyEvent = TypeVar("AnyEvent", bound=Event)

#: Deadlines: that one of them lies ahead keeps nothing from being settled.
DEADLINES = (ShippingDeadlineReached.type, CartReminderDue.type)


@dataclass(frozen=True, order=True)
class Open:
    """Events of one type still to be published (by the `relay`), or reactions still to be run."""

    app: str
    what: str
    count: int
    attempts: int

    def __str__(self) -> str:
        return f"{self.app}: {self.count} × {self.what}"


class Stories:
    """The events with certain correlation ids, and what became of the reactions to them."""

    def __init__(self) -> None:
        self._ids: set[UUID] = set()

    @contextmanager
    def begun_here(self) -> Iterator[None]:
        """Count the events this process emits within the block as beginnings of these stories."""
        signals = [registry.event_class(type).signal for type in registry.event_types()]
        for signal in signals:
            signal.connect(self._begin)
        try:
            yield
        finally:
            for signal in signals:
                signal.disconnect(self._begin)

    def _begin(self, envelope: Envelope, **signal_arguments: Any) -> None:
        self._ids.add(envelope.correlation_id)

    @property
    def events(self) -> QuerySet[OutboxEvent]:
        """Return every event emitted so far."""
        return OutboxEvent.objects.filter(correlation_id__in=self._ids)

    def emitted(self, event_class: type[AnyEvent]) -> list[AnyEvent]:
        """Return every event of one class, oldest first."""
        rows = self.events.filter(type=event_class.type).order_by("id")
        return [cast("AnyEvent", row.envelope.event()) for row in rows]

    def tell_of(self, event_class: type[Event], subject: UUID) -> bool:
        """Tell whether an event of this class was emitted about `subject`."""
        return self.events.filter(type=event_class.type, subject=str(subject)).exists()

    def reactions(self, *states: Delivery.State) -> int:
        """Count the reactions in one of these states."""
        return self._deliveries(states).count()

    def ended(self) -> int:
        """Count the orders that were completed or cancelled."""
        return self.events.filter(type__in=[OrderCompleted.type, OrderCancelled.type]).count()

    def open(self) -> list[Open]:
        """Return what must still happen, deadlines aside; asked in one statement.

        In two, a reaction that closes between them and states something would be missed.
        """
        events = self.events.filter(published_at=None).exclude(type__in=DEADLINES)
        to_publish = events.values("type").annotate(count=Count("id"))
        reactions = self._deliveries(Delivery.OPEN).values("app", "reaction")
        to_run = reactions.annotate(count=Count("id"), tried=Sum("attempts"))
        found = to_publish.values_list(Value("relay"), "type", "count", Value(0)).union(
            to_run.values_list("app", "reaction", "count", "tried"), all=True
        )
        return sorted(Open(*row) for row in found)

    def _deliveries(self, states: tuple[Delivery.State, ...]) -> QuerySet[Delivery]:
        return Delivery.objects.filter(state__in=states, event__correlation_id__in=self._ids)
