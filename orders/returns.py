"""Goods that go back: asked for, approved or refused, received.

Whoever calls these functions has locked the order.
"""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any
from uuid import UUID

from uuid6 import uuid7

from eventbus import emit
from orders import events
from orders.models import Order, Return, ReturnLine, lines_with_units_back, returnable
from orders.refund_shares import Paid, paid_by_line, worth_of_next


def request(order: Order, units: dict[int, int], reason: str) -> Return:
    """Write down that these units, by line number, are to go back, and what they are worth.

    Raises `CannotReturn` naming the line.
    """
    lines = returnable(order, units)
    back = Return.objects.create(id=UUID(bytes=uuid7().bytes), order=order, reason=reason)
    ReturnLine.objects.bulk_create(
        _line(back, line, units[line.line], paid)
        for line, paid in zip(lines, paid_by_line(order, lines), strict=True)
        if line.line in units
    )
    emit(events.ReturnRequested(**_who(back), lines=_lines(back), reason=reason))
    return back


def decide(back: Return) -> bool:
    """Approve what was asked for in time, once it has been delivered; the rest is for staff.

    Returns whether it was approved. The caller saves, here and below.
    """
    is_due = back.state == Return.State.REQUESTED and back.is_in_time()
    if is_due:
        approve(back)
    return is_due


def decide_all(order: Order) -> None:
    """Decide what was asked for before the order was delivered."""
    for back in order.returns.filter(state=Return.State.REQUESTED):
        if decide(back):
            back.save()


def approve(back: Return, by: str = "") -> None:
    """Let the goods come back."""
    back.approve(by)
    emit(events.ReturnApproved(**_about(back), lines=_lines(back)))


def refuse(back: Return, by: str, reason: str) -> None:
    """Do not take the goods back."""
    back.refuse(by, reason)
    emit(events.ReturnRefused(**_about(back), reason=reason))


def receive(back: Return) -> None:
    """Emit that the goods arrived: money and points go back and the stock comes in."""
    back.receive()
    lines = _rows(back)
    emit(
        events.ReturnReceived(
            **_who(back),
            lines=_returned_lines(lines),
            amount=sum((line.amount for line in lines), Decimal(0)),
            points=sum(line.points for line in lines),
            currency=str(back.order.total.currency),
        )
    )


def void_all(order: Order) -> None:
    """Void what was asked to go back: a cancelled order has nothing to send back."""
    for back in order.returns.filter(state=Return.State.REQUESTED):
        _void(back)


@contextmanager
def fitted(order: Order, lines: Collection[int]) -> Iterator[None]:
    """Hand out units of these lines within the block.

    What was asked to go back of them and cannot come is asked for no more, the rest anew.
    """
    waiting = order.returns.filter(
        state=Return.State.REQUESTED, lines__order_line__line__in=lines
    ).distinct()
    asked = [(_units_of(back), back.reason) for back in waiting if _void(back)]
    yield
    for wanted, reason in asked:
        left = {line.line: line.left for line in lines_with_units_back().filter(order=order)}
        fitting = {line: min(units, left[line]) for line, units in wanted.items() if left[line]}
        if fitting:
            request(order, fitting, reason)


def _void(back: Return) -> Return:
    back.void()
    back.save()
    return back


def _units_of(back: Return) -> dict[int, int]:
    return dict(back.lines.values_list("order_line__line", "quantity"))


def _line(back: Return, line: Any, units: int, paid: Paid) -> ReturnLine:
    amount, points = worth_of_next(line, units, paid)
    return ReturnLine(of=back, order_line=line, quantity=units, amount=amount, points=points)


def _about(back: Return) -> dict[str, Any]:
    order = back.order
    return {
        "order_id": order.id,
        "return_id": back.id,
        "number": order.number,
        "email": order.email,
    }


def _who(back: Return) -> dict[str, Any]:
    return {**_about(back), "customer_id": back.order.customer_id or None}


def _lines(back: Return) -> tuple[events.ReturnedLine, ...]:
    return _returned_lines(_rows(back))


def _rows(back: Return) -> list[ReturnLine]:
    return list(back.lines.select_related("order_line").order_by("order_line__line"))


def _returned_lines(lines: Iterable[ReturnLine]) -> tuple[events.ReturnedLine, ...]:
    return tuple(
        events.ReturnedLine(
            line=returned.order_line.line,
            sku=returned.order_line.sku,
            title=returned.order_line.title,
            quantity=returned.quantity,
            amount=returned.amount,
        )
        for returned in lines
    )
