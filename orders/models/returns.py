"""What goes back of an order."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, Sum, When
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_fsm import FSMField, transition

from eventbus import LockingManager
from orders.errors import CannotReturn, UnknownReturn
from orders.models.line import OrderLine
from orders.models.order import Order


class ReturnManager(LockingManager["Return"]):
    @contextmanager
    def get_for_update(self, **key: Any) -> Iterator["Return"]:
        """Lock the return, and its order before it, which is looked up unless the key names it.

        Raises `UnknownReturn`, or `UnknownOrder` where the key names none.
        """
        order_id = key.get("order_id") or self._order_of(**key)
        with (
            Order.objects.get_for_update(pk=order_id) as order,
            super().get_for_update(**key) as returned,
        ):
            returned.order = order
            yield returned

    def unknown(self, **key: Any) -> UnknownReturn:
        return UnknownReturn(_("there is no return %(id)s") % {"id": key["pk"]})

    def _order_of(self, **key: Any) -> UUID:
        order_id = self.filter(**key).values_list("order_id", flat=True).first()
        if order_id is None:
            raise self.unknown(**key)
        return order_id


class Return(models.Model):
    """Goods a customer sends back. Approved once the order has been delivered."""

    class State(models.TextChoices):
        REQUESTED = "requested", gettext_lazy("requested")
        APPROVED = "approved", gettext_lazy("approved, on its way back")
        REFUSED = "refused", gettext_lazy("refused")
        RECEIVED = "received", gettext_lazy("received")
        VOID = "void", gettext_lazy("void: the goods did not come")

    id = models.UUIDField(primary_key=True, editable=False)
    order = models.ForeignKey(Order, models.CASCADE, related_name="returns")
    reason = models.CharField(max_length=200, blank=True)
    state = FSMField(default=State.REQUESTED, choices=State.choices, protected=True)
    requested_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=150, blank=True, help_text="empty: by itself")
    refusal = models.CharField(max_length=200, blank=True, help_text="why it was refused")
    received_at = models.DateTimeField(null=True)

    objects = ReturnManager()

    def __str__(self) -> str:
        return f"return of {self.order}"

    @property
    def amount(self) -> Decimal:
        """Return what goes back for it in money."""
        return sum((line.amount for line in self.lines.all()), Decimal(0))

    @property
    def points(self) -> int:
        """Return what goes back for it in points."""
        return sum(line.points for line in self.lines.all())

    def is_in_time(self) -> bool:
        """Tell whether it was delivered, and so lately that nobody needs to approve."""
        order = self.order
        if not (order.delivered_at and order.is_delivered()):
            return False
        return self.requested_at <= order.delivered_at + settings.RETURN_WINDOW

    @transition(field=state, source=State.REQUESTED, target=State.APPROVED)
    def approve(self, by: str = "") -> None:
        """Take the goods back."""
        self.decided_at, self.decided_by = timezone.now(), by

    @transition(field=state, source=State.REQUESTED, target=State.REFUSED)
    def refuse(self, by: str, reason: str) -> None:
        """Do not take the goods back."""
        self.decided_at, self.decided_by, self.refusal = timezone.now(), by, reason

    @transition(field=state, source=State.APPROVED, target=State.RECEIVED)
    def receive(self) -> None:
        """Record that the goods are back."""
        self.received_at = timezone.now()

    @transition(field=state, source=State.REQUESTED, target=State.VOID)
    def void(self) -> None:
        """End it: there is nothing to send back."""


class ReturnLine(models.Model):
    """Units of one order line that go back, and what goes back for them."""

    of = models.ForeignKey(Return, models.CASCADE, related_name="lines")
    order_line = models.ForeignKey(OrderLine, models.CASCADE, related_name="returned")
    quantity = models.PositiveIntegerField()
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    points = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="orders_return_has_units"),
            models.CheckConstraint(
                condition=Q(amount__gte=0), name="orders_return_costs_nobody_money"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.order_line.title}"


def lines_with_units_back() -> Any:
    """Order lines, each with `back`: its units that came back or are on their way back.

    `back_amount` and `back_points` are what these units were worth, `left` the units that
    can still go back: none of what was never sent.
    """
    gone = Q(returned__of__state__in=[Return.State.VOID, Return.State.REFUSED])
    # A query that sums up does not follow the model's ordering.
    return OrderLine.objects.order_by("line").annotate(
        back=Sum("returned__quantity", filter=~gone, default=0),
        back_amount=Sum("returned__amount", filter=~gone, default=Decimal(0)),
        back_points=Sum("returned__points", filter=~gone, default=0),
        left=Case(
            When(requires_shipping=True, then=F("quantity") - F("closed") - F("back")), default=0
        ),
    )


def returnable(order: Order, wanted: dict[int, int]) -> list[Any]:
    """Return all lines, with what is back, when `wanted` units by line number can go back.

    Raises `CannotReturn` naming the line when it is not on the order or has
    fewer units left than wanted.
    """
    if not wanted:
        raise CannotReturn(_("units: choose at least one to send back"))
    lines = list(lines_with_units_back().filter(order=order))
    left = {line.line: line.left for line in lines}
    for number, units in wanted.items():
        _check_units(left, number, units)
    return lines


def _check_units(left: dict[int, int], number: int, units: int) -> None:
    if number not in left:
        raise CannotReturn(_("line %(line)s: not on this order") % {"line": number})
    if not 0 < units <= left[number]:
        text = _("line %(line)s: %(wanted)s units wanted, %(left)s can go back")
        raise CannotReturn(text % {"line": number, "wanted": units, "left": left[number]})
