"""What shoppers and staff do. What is refused by then is refused, and nothing happened."""

from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from functools import partial, wraps
from typing import Any
from uuid import UUID, uuid4

from billing import services as billing
from billing.errors import BillingRefused
from fraud import services as fraud
from fraud.errors import FraudRefused
from orders import services as orders
from orders.errors import OrderRefusal
from orders.models import Return
from shipping import services as shipping
from shipping.errors import ShippingRefused

CARDS = {
    "a good card": "4242 4242 4242 4242",
    "a card that is declined": "4000 0000 0000 0002",
    "a card that must be confirmed": "4000 0000 0000 3220",
    "a card from abroad": "4000 0048 4000 8001",
    "a card whose hold lapses": "4000 0000 0000 0341",
    "a card that fails twice": "4000 0000 0000 2594",
    "a card whose hold is not answered": "4000 0000 0000 7072",
    "a card whose capture is not answered": "4000 0000 0000 8088",
}


def _may_be_refused(act: Callable[..., Any]) -> Callable[..., None]:
    @wraps(act)
    def attempt(*args: Any, **kwargs: Any) -> None:
        with suppress(BillingRefused, FraudRefused, OrderRefusal, ShippingRefused):
            act(*args, **kwargs)

    return attempt


@_may_be_refused
def cancel(order: UUID, by: str = "customer", **how: bool) -> None:
    orders.request_cancellation(order, reason=by, **how)


@_may_be_refused
def pay(order: UUID, card: str) -> None:
    billing.pay_again(order, billing.tokenize(CARDS[card]))


@_may_be_refused
def look(order: UUID) -> None:
    orders.keep_waiting(order)


@_may_be_refused
def answer(order: UUID, confirmed: bool) -> None:
    billing.answer_challenge(order, confirmed)


@_may_be_refused
def send_back(order: UUID, units: int) -> None:
    orders.request_return(order, {1: units})


@_may_be_refused
def decide_on_returns(order: UUID, approve: bool) -> None:
    for back in Return.objects.filter(order_id=order):
        if approve:
            orders.approve_return(back.id, by="staff")
        else:
            orders.refuse_return(back.id, by="staff", reason="worn")


@_may_be_refused
def decide_on_fraud(order: UUID, clear: bool) -> None:
    if clear:
        fraud.clear(order, by="staff")
    else:
        fraud.refuse(order, by="staff", why="stolen card")


@_may_be_refused
def hold(order: UUID) -> None:
    orders.hold_order(order, by="staff", reason="to ask the shopper")


@_may_be_refused
def release(order: UUID) -> None:
    orders.release_order(order, by="staff")


@_may_be_refused
def keep_for_shipping_by_hand(order: UUID) -> None:
    shipping.hold(order, by="staff")


@_may_be_refused
def ship_one(order: UUID) -> None:
    shipping.ship_part(order, {1: 1}, by="staff")


@_may_be_refused
def ship_rest(order: UUID) -> None:
    shipment = shipping.shipment_in_detail(order)
    if shipment:
        left = {line.position: line.left for line in shipment.lines.all() if line.left}
        shipping.ship_part(order, left, by="staff")


@_may_be_refused
def refund(order: UUID, euros: int) -> None:
    billing.refund(order, Decimal(euros), "a scratch", reference=str(uuid4()))


@_may_be_refused
def give_up_a_parcel(order: UUID) -> None:
    shipment = shipping.shipment_in_detail(order)
    if shipment and (parcel := shipment.parcels.first()):
        shipping.give_up_parcel(parcel.id, by="staff")


SHOPPER: dict[str, Callable[[UUID], None]] = {
    "cancels": cancel,
    "pays with a good card": partial(pay, card="a good card"),
    "pays with a card that is declined": partial(pay, card="a card that is declined"),
    "pays with a card that must be confirmed": partial(pay, card="a card that must be confirmed"),
    "looks at the order's page": look,
    "confirms the payment": partial(answer, confirmed=True),
    "does not confirm the payment": partial(answer, confirmed=False),
    "sends a teapot back": partial(send_back, units=1),
    "sends two teapots back": partial(send_back, units=2),
}
STAFF: dict[str, Callable[[UUID], None]] = {
    "put it on hold": hold,
    "release it": release,
    "keep it to ship it by hand": keep_for_shipping_by_hand,
    "ship one teapot": ship_one,
    "ship the rest": ship_rest,
    "take a parcel for lost": give_up_a_parcel,
    "give a teapot's price back": partial(refund, euros=25),
    "give five euros back": partial(refund, euros=5),
    "clear it of fraud": partial(decide_on_fraud, clear=True),
    "take it for fraud": partial(decide_on_fraud, clear=False),
    "take its goods back": partial(decide_on_returns, approve=True),
    "refuse its returns": partial(decide_on_returns, approve=False),
    "cancel it": partial(cancel, by="staff"),
    "cancel it and write its goods off": partial(cancel, by="staff", restock=False),
    "cancel it and keep its money": partial(cancel, by="staff", refund=False),
}
