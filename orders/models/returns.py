"""What goes back of an order."""

from typing import Any

from django.db import models
from django.db.models import Q, Sum
from django.utils import timezone
from django_fsm import FSMField, transition

from orders.errors import CannotReturn
from orders.models.order import Order, OrderLine


class Return(models.Model):
    """Goods a customer sends back. Received once the order has been delivered."""

    class State(models.TextChoices):
        REQUESTED = "requested"
        RECEIVED = "received"
        VOID = "void", "void: the order was cancelled"

    id = models.UUIDField(primary_key=True, editable=False)
    order = models.ForeignKey(Order, models.CASCADE, related_name="returns")
    reason = models.CharField(max_length=200, blank=True)
    state = FSMField(default=State.REQUESTED, choices=State.choices, protected=True)
    requested_at = models.DateTimeField(default=timezone.now)
    received_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"return of {self.order}"

    @transition(field=state, source=State.REQUESTED, target=State.RECEIVED)
    def receive(self) -> None:
        """The goods are back."""
        self.received_at = timezone.now()

    @transition(field=state, source=State.REQUESTED, target=State.VOID)
    def void(self) -> None:
        """There is nothing to send back."""


class ReturnLine(models.Model):
    """Units of one order line that go back."""

    of = models.ForeignKey(Return, models.CASCADE, related_name="lines")
    order_line = models.ForeignKey(OrderLine, models.CASCADE, related_name="returned")
    quantity = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="orders_return_has_units"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.order_line.title}"


def returnable(order: Order, wanted: dict[int, int]) -> list[tuple[OrderLine, int]]:
    """The lines that go back, of `wanted` units by line number.

    Raises `CannotReturn` naming the line when it is not on the order or has
    fewer units left than wanted.
    """
    lines = {line.line: line for line in lines_with_units_back().filter(order=order)}
    return [(_with_units(lines, number, units), units) for number, units in wanted.items()]


def lines_with_units_back() -> Any:
    """Order lines, each with `back`: its units that came back or are on their way back."""
    back = Sum("returned__quantity", filter=~Q(returned__of__state=Return.State.VOID), default=0)
    return OrderLine.objects.annotate(back=back)


def _with_units(lines: dict[int, Any], number: int, units: int) -> OrderLine:
    if number not in lines:
        raise CannotReturn(f"line {number}: not on this order")
    left = lines[number].quantity - lines[number].back
    if not 0 < units <= left:
        raise CannotReturn(f"line {number}: {units} units wanted, {left} can go back")
    return lines[number]
