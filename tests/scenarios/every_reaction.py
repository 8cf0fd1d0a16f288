"""Stories that together reach every reaction of the shop, orders with any number of lines in them.

A new reaction that none of them reaches gets one in `STORIES`.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.test import override_settings
from django.utils import timezone
from djmoney.money import Money

from billing import services as billing
from billing.events import (
    CheckPayment,
    DisputeClosed,
    PaymentDisputed,
    ReconcilePayments,
    RefundFailed,
)
from catalogue.events import PriceAdjusted, PriceResetDue, SellingChanged, VariantListed
from catalogue.models import Product, Variant
from eventbus import now, registry
from eventbus.bridges.webhooks import services as webhooks
from eventbus.console.events import AlertEnded, AlertRaised
from eventbus.event import Event
from eventbus.testing import emit, settle
from fraud import services as fraud
from inventory.events import HeldLine, StockCheckDue, StockLow
from inventory.services import receive_stock
from notifications.events import CartReminderDue, ResendMail
from notifications.models import Mail
from orders import services as orders
from shipping import services as shipping
from shop.accounts import customer_id
from shop.events import (
    AccountMailRequested,
    BackInStockAlertRequested,
    CustomerErased,
    ItemAdded,
    UserRegistered,
)
from shop.storefront.models import Cart
from tests.builders import order_details, order_lines
from tests.scenarios.conftest import APPROVED, CHALLENGED, DECLINED
from tests.unit.storefront.people import account


def stocked_up(lines: int) -> None:
    """Take in what the stories sell."""
    receive_stock({f"S{n}": 1000 for n in range(1, lines + 1)}, reason="for the stories")
    settle()


def order(lines: int, card: str = APPROVED, units: int = 2, **more: Any) -> UUID:
    """Place Ada's order of so many lines; nothing has reacted yet."""
    goods = order_lines(
        [(f"S{n}", units) for n in range(1, lines + 1)], unit_price=Decimal("20.00")
    )
    ada = {"customer_id": "ada", "email": "ada@example.com", "shipping_cost": Decimal(0)}
    token = billing.tokenize(card, holder="ada", country="GB")
    return orders.place_order(order_details(lines=goods, card=token, **{**ada, **more})).id


def all_lines(lines: int, units: int = 1) -> dict[int, int]:
    return dict.fromkeys(range(1, lines + 1), units)


def happens(*events: Event) -> None:
    with transaction.atomic():
        for event in events:
            emit(event)
    settle()


def returned(lines: int) -> None:
    bought = order(lines)
    settle()
    orders.request_return(bought, all_lines(lines))
    settle()
    settle(scheduled=True)
    billing.refund(bought, Decimal(5), "a scratch", reference=str(uuid4()))
    settle()


def return_refused(lines: int) -> None:
    bought = order(lines)
    settle(but=["shipping"])
    back = orders.request_return(bought, all_lines(lines))
    orders.refuse_return(back.id, by="staff", reason="worn")
    settle()


def paid_with_points(lines: int) -> None:
    order(lines, points=10, points_value=Decimal("0.10"))
    order(lines, points=10**6, points_value=Decimal("1.00"))
    settle()


def cancelled(lines: int) -> None:
    bought = order(lines)
    settle(but=["shipping"])
    orders.request_cancellation(bought)
    settle()
    early = order(lines)
    settle(but=["billing", "fraud", "shipping"])
    orders.request_cancellation(early)
    settle()
    late = order(lines)
    settle(but=["orders"])
    orders.request_cancellation(late)
    settle()


def out_of_stock(lines: int) -> None:
    order(lines, units=5000)
    settle()


def suspected(lines: int) -> None:
    with override_settings(FRAUD_FLAG_SCORE=0):
        cleared, refused = order(lines), order(lines)
        settle()
    fraud.clear(cleared, by="staff")
    fraud.refuse(refused, by="staff", why="stolen card")
    settle()


def paid_late(lines: int) -> None:
    asked, refused = order(lines, CHALLENGED), order(lines, DECLINED)
    order(lines, DECLINED)
    settle()
    billing.answer_challenge(asked, confirmed=True)
    billing.pay_again(refused, billing.tokenize(APPROVED))
    settle()
    happens(CheckPayment(order_id=asked, reference="pay_1"))
    settle(scheduled=True)


def held(lines: int) -> None:
    bought = order(lines)
    orders.hold_order(bought, by="staff", reason="to ask")
    settle()
    orders.release_order(bought, by="staff")
    settle()


def shipped_in_parts(lines: int) -> None:
    bought, lost = order(lines), order(lines)
    for each in (bought, lost):
        shipping.hold(each, by="staff")
    settle()
    shipping.ship_part(bought, all_lines(lines), by="staff")
    shipping.ship_part(lost, all_lines(lines), by="staff")
    shipping.ship_part(lost, all_lines(lines), by="staff")
    with override_settings(CARRIER_TRANSIT=timedelta(days=3)):
        settle()
        shipment = shipping.shipment_in_detail(lost)
        shipping.give_up_parcel(shipment.parcels.first().id, by="staff")
        orders.request_cancellation(bought)
        settle()


def packed_later(lines: int) -> None:
    with override_settings(PACKING_TIME=timedelta(hours=1)):
        order(lines, cart_id=uuid4())
        settle()
        settle(scheduled=True)


def sent_nowhere(lines: int) -> None:
    goods = order_lines([(f"S{n}", 1) for n in range(1, lines + 1)], requires_shipping=False)
    card = billing.tokenize(APPROVED, holder="guest", country="GB")
    guest = {"customer_id": None, "email": "guest@example.com", "shipping_cost": Decimal(0)}
    orders.place_order(order_details(lines=goods, card=card, **guest))
    settle()
    orders.claim_orders("guest@example.com", "guest")
    settle()


def bank_refuses(lines: int) -> None:
    bought = order(lines)
    settle()
    payment = {"order_id": bought, "payment_id": uuid4(), "number": "1", "currency": "EUR"}
    dispute = {**payment, "dispute": "d", "amount": Decimal(1)}
    happens(
        RefundFailed(
            **payment,
            refund_id=uuid4(),
            customer_id="ada",
            email="ada@example.com",
            amount=Decimal(1),
            refunded_total=Decimal(0),
            captured_total=Decimal(20),
            reason="returned",
            revision=9,
        ),
        PaymentDisputed(**dispute, reason="fraudulent", withheld=True),
        DisputeClosed(**dispute, won=False),
        ReconcilePayments(day=date(2026, 1, 1)),
    )


def stocked(lines: int) -> None:
    bought = order(lines)
    settle()
    sku = {"sku": f"N{lines}", "title": "New"}
    happens(
        BackInStockAlertRequested(**sku, email="ada@example.com", url="https://x/", confirmed=True),
        VariantListed(**sku, price=Decimal(1), currency="EUR", opening_stock=0),
    )
    happens(
        SellingChanged(sku=sku["sku"], selling="tracked", opening_stock=3),
        StockLow(sku=sku["sku"], available=1, threshold=2),
        StockCheckDue(
            order_id=bought, number="1", lines=(HeldLine(sku="none", quantity=1),), looks=9
        ),
    )
    receive_stock({sku["sku"]: 5}, reason="a lorry")
    settle()


class Haggled(PriceAdjusted):
    """Somebody adjusts a price."""


def adjusted(lines: int) -> None:
    mug = Product.objects.create(handle="mug", title="Mug")
    Variant.objects.create(product=mug, sku="MUG", price=Money(10, "EUR"))
    happens(Haggled(sku="MUG", factor=Decimal(2), seconds=60))
    happens(PriceResetDue(sku="MUG"))


def left_alone(lines: int) -> None:
    cart = Cart.objects.create(email="ada@example.com", customer_id="ada", revision=1)
    happens(ItemAdded(cart_id=cart.id, sku="S1", quantity=1))
    happens(CartReminderDue(cart_id=cart.id, revision=1))


def an_alert(lines: int) -> None:
    about = {"alert_id": uuid4(), "rule": "lag", "about": "", "message": "late"}
    began = timezone.now()
    happens(AlertRaised(**about, began_at=began))
    happens(AlertEnded(**about, began_at=began, ended_at=began))


def a_customer_comes_and_goes(lines: int) -> None:
    who = {"customer_id": "eve", "email": "eve@example.com"}
    bought = order(lines, **who)
    happens(
        UserRegistered(**who, name="Eve"),
        AccountMailRequested(**who, kind="confirm_address", link="https://x/"),
    )
    mail = Mail.objects.filter(number="").first() or Mail.objects.first()
    happens(ResendMail(mail_id=mail.pk, copy_id=uuid4(), by="staff"))
    happens(CustomerErased(**who, order_ids=(bought,), cart_ids=(uuid4(),)))


def told_elsewhere(lines: int) -> None:
    """A customer's web server, at which nobody listens, has taken nothing for long."""
    ada = customer_id(account("ada@receiver.example"))
    with override_settings(EVENTBUS_WEBHOOKS_ALLOW_LOCAL=True):
        webhooks.subscribe(ada, "http://127.0.0.1:9/", ["orders.OrderPlaced"])
        webhooks.subscriptions_of(ada).update(failing_since=now() - timedelta(days=9))
        order(lines, customer_id=ada)
        settle()


STORIES: tuple[Callable[[int], None], ...] = (
    returned,
    return_refused,
    paid_with_points,
    cancelled,
    out_of_stock,
    suspected,
    paid_late,
    held,
    shipped_in_parts,
    packed_later,
    sent_nowhere,
    bank_refuses,
    stocked,
    adjusted,
    left_alone,
    an_alert,
    told_elsewhere,
    a_customer_comes_and_goes,
)


@contextmanager
def reactions_as(change: Callable[[registry.Reaction], Callable[..., Any]]) -> Iterator[None]:
    """Within, the function of each reaction is what `change` makes of it."""
    reactions = {id(reaction): reaction for _, reaction in registry.all_reactions()}.values()
    functions = [(reaction, reaction.function) for reaction in reactions]
    try:
        for reaction in reactions:
            object.__setattr__(reaction, "function", change(reaction))
        yield
    finally:
        for reaction, function in functions:
            object.__setattr__(reaction, "function", function)
