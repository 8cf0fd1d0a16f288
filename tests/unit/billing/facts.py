"""Facts about one order, as the other apps emit them, and how they reach billing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from billing.gateway import GatewayUnavailable
from billing.models import Charge, Refund, SandboxOperation
from billing.models.sandbox import approved_amount
from billing.sandbox import SandboxProcessor
from billing.services import tokenize
from eventbus import Event, registry
from eventbus.delivery import ledger
from eventbus.delivery.models import Delivery, OutboxEvent
from eventbus.delivery.runner import Incoming, handle
from eventbus.testing import emit, given, settle
from fraud.events import OrderCleared, OrderRefused
from inventory.events import StockRejected, StockReserved
from loyalty.events import PointsRedeemed, PointsRejected
from orders.events import OrderCancelled, OrderPlaced, ReturnReceived
from tests.builders import order_placed

TOTAL = Decimal("27.00")
WHO = {"number": "S-1001", "customer_id": "7", "email": "ada@example.com"}
GOOD_CARD = "4242 4242 4242 4242"
DECLINED_CARD = "4000 0000 0000 0002"
LAPSED_CARD = "4000 0000 0000 0341"
CHALLENGED_CARD = "4000 0000 0000 3220"
SLOW = timedelta(seconds=2)


def placed(order_id: UUID, card: str | None = GOOD_CARD, **changes: Any) -> OrderPlaced:
    paid_by = tokenize(card) if card else None
    return order_placed(**{"order_id": order_id, "total": TOTAL, "card": paid_by, **WHO, **changes})


def redeemed(order_id: UUID) -> PointsRedeemed:
    return PointsRedeemed(customer_id="7", order_id=order_id, points=100, balance=0, revision=2)


def points_rejected(order_id: UUID) -> PointsRejected:
    return PointsRejected(customer_id="7", order_id=order_id, wanted=100, balance=0)


def reserved(order_id: UUID) -> StockReserved:
    return StockReserved(order_id=order_id, lines=())


def rejected(order_id: UUID) -> StockRejected:
    return StockRejected(order_id=order_id, shortages=())


def cleared(order_id: UUID) -> OrderCleared:
    return OrderCleared(order_id=order_id, number="S-1001", score=0, reasons=())


def try_to_charge(order_id: UUID, card: str = GOOD_CARD, **changes: Any) -> None:
    """Let billing react to all it waits for before it charges a card."""
    given(placed(order_id, card, **changes), reserved(order_id), cleared(order_id), to="billing")


def refused(order_id: UUID) -> OrderRefused:
    return OrderRefused(order_id=order_id, number="S-1001", score=100, reasons=("known bad",))


def cancelled(order_id: UUID) -> OrderCancelled:
    return OrderCancelled(
        order_id=order_id,
        reason="customer",
        detail="",
        total=TOTAL,
        currency="EUR",
        lines=(),
        **WHO,
    )


def returned(order_id: UUID, amount: str) -> ReturnReceived:
    return ReturnReceived(
        return_id=uuid4(),
        order_id=order_id,
        lines=(),
        amount=Decimal(amount),
        currency="EUR",
        **WHO,
    )


def charge_of(order_id: UUID) -> Charge:
    return Charge.objects.get(pk=order_id)


def moved(order_id: UUID, kind: str) -> Decimal:
    """Return what the processor's own books say was held, taken or given back for an order."""
    operations = SandboxOperation.objects.filter(key__contains=order_id)
    return approved_amount(operations, kind)


def operations(order_id: UUID, kind: str) -> int:
    """Count how many operations of this kind the processor carried out for an order."""
    return SandboxOperation.objects.filter(key__contains=order_id, kind=kind).count()


def settle_billing() -> None:
    """Let billing react to what it emitted itself; all other apps are off."""
    settle(but=[app for app in registry.apps_with_reactions() if app != "billing"])


def emit_with_deliveries(event: Event) -> None:
    """Emit a fact without anybody reacting yet."""
    with transaction.atomic():
        emit(event)
    create_deliveries(event)


def create_deliveries(event: Event) -> None:
    """Let apps react to a fact that a service emitted."""
    ledger.create_deliveries(OutboxEvent.objects.filter(id=event.id))


def deliver(event: Event) -> str:
    """Let billing react to a emitted fact once more, when its lease or retry is over.

    Returns how that ended: the delivery's state, or `killed`.
    """
    mine = Delivery.objects.filter(event=event.id, app="billing")
    mine.filter(state="failed").update(state="waiting")
    mine.update(leased_until=None)
    try:
        handle("billing", [Incoming(OutboxEvent.objects.get(id=event.id).envelope)])
    except Killed:
        return "killed"
    return mine.get().state


def is_done(event: Event) -> bool:
    return Delivery.objects.filter(event=event.id, app="billing", state="done").exists()


def insist(*events: Event) -> None:
    """Retry until every reaction is done; trouble ends, so must this."""
    for _ in range(8):
        if all(is_done(event) or deliver(event) == "done" for event in events):
            return
    raise AssertionError("retried in vain")


class Killed(BaseException):
    """The worker was killed: no code of ours sees it."""


def on_the_way(*events: Event, back: bool = False) -> Callable[[Callable[[], Any]], Any]:
    """Billing reacts to these while a call is on its way there, or on its way `back`."""

    def call(operation: Callable[[], Any]) -> Any:
        if back:
            answer = operation()
        for event in events:
            deliver(event)
        return answer if back else operation()

    return call


class TroubledProcessor(SandboxProcessor):
    """The sandbox with trouble on the way there and back.

    `troubles` are used up, one for each operation: None, `unavailable` (not
    carried out), `lost` (carried out, no answer), `killed` (carried out, and
    the worker dies), or what `on_the_way` returns.
    """

    def __init__(self) -> None:
        self.troubles: list[Any] = []

    def authorize(self, key: str, **asked: Any):
        return self._with_trouble(lambda: super(TroubledProcessor, self).authorize(key, **asked))

    def capture(self, key: str, **asked: Any):
        return self._with_trouble(lambda: super(TroubledProcessor, self).capture(key, **asked))

    def void(self, key: str, **asked: Any):
        return self._with_trouble(lambda: super(TroubledProcessor, self).void(key, **asked))

    def refund(self, key: str, **asked: Any):
        return self._with_trouble(lambda: super(TroubledProcessor, self).refund(key, **asked))

    def _with_trouble(self, operation: Callable[[], Any]) -> Any:
        trouble = self.troubles.pop(0) if self.troubles else None
        if trouble == "unavailable":
            raise GatewayUnavailable
        answer = trouble(operation) if callable(trouble) else operation()
        if trouble == "lost":
            raise GatewayUnavailable
        if trouble == "killed":
            raise Killed
        return answer


@contextmanager
def rolled_back() -> Iterator[UUID]:
    """A new order's id, in a database that forgets it afterwards."""
    with transaction.atomic():
        yield uuid4()
        transaction.set_rollback(True)


def nothing_is_open(order_id: UUID) -> bool:
    """Return whether every call was answered and every refund done."""
    in_flight = ["authorizing", "capturing", "voiding"]
    return (
        charge_of(order_id).state not in in_flight
        and not Refund.objects.filter(charge=order_id, state="pending").exists()
    )
