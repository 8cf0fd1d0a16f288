"""What staff start about orders that shall wait."""

from uuid import UUID

from django.db import transaction

from eventbus import emit, emits
from orders import events
from orders.errors import CannotHold
from orders.models import Order

LONGEST_REASON = 200


@emits(events.OrderHeld)
def hold_order(order_id: UUID, *, by: str, reason: str) -> None:
    """Keep an order from being shipped until it is released; a parcel that is leaving leaves.

    Raises `UnknownOrder`, or `CannotHold` without a reason, or when it is on hold already, has
    been shipped or has ended.
    """
    if not 0 < len(reason.strip()) <= LONGEST_REASON:
        raise CannotHold(f"reason: say why, in at most {LONGEST_REASON} characters")
    with transaction.atomic(), Order.objects.get_for_update(pk=order_id) as order:
        order.hold(by, reason)
        emit(
            events.OrderHeld(
                order_id=order.id,
                number=order.number,
                by=by,
                reason=reason,
                revision=order.hold_revision,
            )
        )


@emits(events.OrderReleased)
def release_order(order_id: UUID, *, by: str) -> None:
    """Let an order on hold go its way. Raises `UnknownOrder` or `CannotHold`."""
    with transaction.atomic(), Order.objects.get_for_update(pk=order_id) as order:
        order.release()
        emit(
            events.OrderReleased(
                order_id=order.id, number=order.number, by=by, revision=order.hold_revision
            )
        )
