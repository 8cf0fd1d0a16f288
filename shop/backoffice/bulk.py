"""Bulk runs: the same action for many orders, row by row, with a result for each."""

from typing import Any
from uuid import uuid5

from django.contrib.auth.models import AbstractUser

from orders.errors import UnknownOrder
from shop.backoffice.actions import ACTIONS, Action
from shop.backoffice.models import BulkRow, BulkRun
from shop.backoffice.order import overview_of

#: Actions whose fields can be the same for all rows, and the list that each starts from.
IN_BULK = {
    "hold": "orders_order",
    "release": "orders_order",
    "cancel": "orders_order",
    "decide": "fraud_screening",
    "approve-return": "orders_return",
    "refuse-return": "orders_return",
    "ship-rest": "shipping_shipment",
    "ship-by-hand": "shipping_shipment",
}
#: Rows per request, so that it answers within about a second.
BATCH_SIZE = 10


def run_next_batch(run: BulkRun, user: AbstractUser) -> None:
    """Do the next rows. Two at once do each row once: its key comes from the run and the row."""
    for row in run.rows.filter(state=BulkRow.State.WAITING)[:BATCH_SIZE]:
        state, message = _do(run, row, user)
        waiting = BulkRow.objects.filter(pk=row.pk, state=BulkRow.State.WAITING)
        waiting.update(state=state, message=message[:300])


def _do(run: BulkRun, row: BulkRow, user: AbstractUser) -> tuple[str, str]:
    try:
        action = _action(run, row)
    except UnknownOrder as refusal:
        return BulkRow.State.REFUSED, str(refusal)
    message = action.submit(user) if action.is_valid() else None
    if action.errors:
        return BulkRow.State.REFUSED, "; ".join(_faults(action))
    return BulkRow.State.DONE, message or "was done already"


def _action(run: BulkRun, row: BulkRow) -> Action:
    data: dict[str, Any] = {**run.fields, "key": uuid5(run.pk, str(row.part or row.order_id))}
    return ACTIONS[run.action](overview_of(row.order_id), row.part, data)


def _faults(action: Action) -> list[str]:
    return [str(fault) for faults in action.errors.values() for fault in faults]
