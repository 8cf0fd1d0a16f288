"""What a person starts about goods that go back."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django_fsm import can_proceed

from eventbus import emits
from orders import events, returns
from orders.errors import AlreadyDecided, CannotReturn, NotDelivered
from orders.models import Order, Return

LONGEST_REASON = 200


@emits(events.ReturnRequested)
def request_return(order_id: UUID, units: dict[int, int], *, reason: str = "") -> Return:
    """Ask for units, by line number, to go back.

    In time after the delivery it is approved by itself, later by staff; before the delivery it
    waits for that. Raises `UnknownOrder`, or `CannotReturn` naming the line or field, or saying
    that the order is cancelled or about to be.
    """
    _check(reason)
    with transaction.atomic(), Order.objects.get_for_update(pk=order_id) as order:
        if order.cancel_reason:
            raise CannotReturn(_("this order was cancelled: there is nothing to send back"))
        return returns.request(order, units, reason)


@emits(events.ReturnApproved)
def approve_return(return_id: UUID, *, by: str) -> None:
    """Take the goods back.

    Raises `UnknownReturn`, `AlreadyDecided`, or `NotDelivered` when there is nothing to fetch yet.
    """
    with transaction.atomic(), _undecided(return_id) as back:
        if not back.order.is_delivered():
            raise NotDelivered(_("order %(number)s is not delivered") % _names(back))
        returns.approve(back, by)


@emits(events.ReturnRefused)
def refuse_return(return_id: UUID, *, by: str, reason: str) -> None:
    """Do not take the goods back; the customer is told the reason.

    Raises `UnknownReturn`, `AlreadyDecided`, or `CannotReturn` without a reason.
    """
    _check(reason)
    if not reason.strip():
        raise CannotReturn(_("reason: tell the customer why"))
    with transaction.atomic(), _undecided(return_id) as back:
        returns.refuse(back, by, reason)


@contextmanager
def _undecided(return_id: UUID) -> Iterator[Return]:
    with Return.objects.get_for_update(pk=return_id) as back:
        if not can_proceed(back.approve):
            raise AlreadyDecided(_("the return of order %(number)s is %(state)s") % _names(back))
        yield back


def _names(back: Return) -> dict[str, str]:
    return {"number": back.order.number, "state": back.get_state_display()}


def _check(reason: str) -> None:
    if len(reason) > LONGEST_REASON:
        raise CannotReturn(_("reason: at most %(most)s characters") % {"most": LONGEST_REASON})
