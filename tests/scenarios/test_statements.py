"""What a reaction may cost: the most SQL statements of its own, however many lines an order has.

Not counted are the bus's statements around it, and those of an external call. `STATEMENTS` has a
line for each reaction there is. Lower the number of one that has got cheaper; a new one gets the
number that the failing test found, and a story in `STORIES` where none there reaches it.
"""

from collections import Counter
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.test import override_settings
from django.utils import timezone

from billing import services as billing
from billing.events import (
    CheckPayment,
    DisputeClosed,
    PaymentDisputed,
    ReconcilePayments,
    RefundFailed,
)
from catalogue.events import SellingChanged, VariantListed
from eventbus import registry
from eventbus.console.events import AlertEnded, AlertRaised
from eventbus.event import Event
from eventbus.testing import emit, run_until_idle
from fraud import services as fraud
from inventory.events import HeldLine, StockCheckDue, StockLow
from inventory.services import receive_stock
from notifications.events import CartReminderDue, ResendMail
from notifications.models import Mail
from orders import services as orders
from shipping import services as shipping
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

#: More than any number in `STATEMENTS`: what takes a statement for each line is above it.
LINES = 30
#: By reaction.
STATEMENTS = {
    "analytics.count_event": 2,
    "billing.authorise_confirmed_payment": 7,
    "billing.authorise_payment": 5,
    "billing.authorise_with_another_card": 8,
    "billing.capture_once_cleared": 6,
    "billing.capture_once_points_redeemed": 6,
    "billing.capture_once_reserved": 6,
    "billing.compare_books": 14,
    "billing.forget_customer": 6,
    "billing.give_back_cancelled_order": 8,
    "billing.look_into_notified_payment": 5,
    "billing.refund_as_requested": 6,
    "billing.refund_return": 8,
    "billing.refund_what_will_not_come": 10,
    "billing.release_order_without_points": 4,
    "billing.release_refused_order": 4,
    "billing.release_unservable_order": 4,
    "catalogue.show_availability": 4,
    "fraud.forget_customer": 4,
    "fraud.screen_order": 4,
    "fraud.withdraw_undecided": 3,
    "inventory.look_again": 3,
    "inventory.release_closed_units": 7,
    "inventory.release_stock": 6,
    "inventory.reserve_stock": 6,
    "inventory.restock": 6,
    "inventory.sell_as_listed": 3,
    "inventory.sell_stock": 7,
    "inventory.take_in_opening_stock": 7,
    "loyalty.close_account": 2,
    "loyalty.give_points": 8,
    "loyalty.give_points_of_claimed_orders": 7,
    "loyalty.open_account": 1,
    "loyalty.redeem_points": 7,
    "loyalty.return_points": 0,
    "loyalty.take_back_points": 6,
    "loyalty.take_back_refunded_points": 6,
    "notifications.acknowledge_order": 7,
    "notifications.acknowledge_return": 6,
    "notifications.ask_for_another_card": 7,
    "notifications.ask_staff_to_decide": 8,
    "notifications.ask_to_confirm_payment": 7,
    "notifications.confirm_order": 6,
    "notifications.emit_due_alerts": 3,
    "notifications.forget_cart": 3,
    "notifications.forget_customer": 19,
    "notifications.keep_alert": 7,
    "notifications.note_language": 3,
    "notifications.remind_of_cart": 11,
    "notifications.send_account_mail": 7,
    "notifications.send_back_in_stock_alert": 9,
    "notifications.send_once_more": 4,
    "notifications.tell_cancelled": 7,
    "notifications.tell_delivered": 6,
    "notifications.tell_how_to_return": 6,
    "notifications.tell_of_alert": 6,
    "notifications.tell_of_recovery": 6,
    "notifications.tell_on_its_way": 6,
    "notifications.tell_reduced": 6,
    "notifications.tell_refunded": 6,
    "notifications.tell_return_received": 6,
    "notifications.tell_return_refused": 6,
    "notifications.tell_staff_of_lost_dispute": 4,
    "notifications.tell_too_late_to_cancel": 0,
    "notifications.warn_staff_of_dispute": 4,
    "notifications.warn_staff_of_failed_refund": 4,
    "notifications.warn_staff_of_low_stock": 6,
    "notifications.watch_cart": 5,
    "notifications.welcome": 7,
    "orders.cancel_as_requested": 4,
    "orders.cancel_for_fraud": 4,
    "orders.cancel_for_lack_of_points": 4,
    "orders.cancel_for_lack_of_stock": 5,
    "orders.cancel_unpaid": 1,
    "orders.close_rest": 5,
    "orders.decide_return": 4,
    "orders.forget_customer": 3,
    "orders.give_up": 2,
    "orders.give_up_lost": 5,
    "orders.go_on_released": 1,
    "orders.receive_return": 4,
    "orders.record_answer": 2,
    "orders.record_authorization": 1,
    "orders.record_progress": 5,
    "orders.record_clearance": 1,
    "orders.record_failed_refund": 2,
    "orders.record_other_card": 2,
    "orders.record_refund": 2,
    "orders.record_review": 1,
    "orders.record_stock_held": 1,
    "orders.wait_for_another_card": 2,
    "orders.wait_for_answer": 2,
    "pricing.forget_customer": 1,
    "pricing.release_promotion": 1,
    "shipping.answer_cancellation": 4,
    "shipping.ask_carrier": 5,
    "shipping.ask_carrier_for_return": 2,
    "shipping.book_return": 4,
    "shipping.cancel_shipment": 2,
    "shipping.forget_customer": 6,
    "shipping.prepare_shipment": 4,
    "shipping.ship_order": 9,
    "shipping.ship_packed": 9,
    "shipping.ship_part": 6,
    "shipping.ship_released": 9,
    "shipping.stop_unservable_order": 2,
    "shipping.wait_while_on_hold": 2,
    "shop.announce_cart": 3,
    "shop.call_webhook": 0,
    "shop.forget_customer": 15,
    "shop.forget_history": 1,
    "shop.list_points": 1,
    "shop.show_challenge": 3,
    "shop.show_other_card": 1,
    "shop.show_points": 1,
    "shop.show_refused_cancellation": 1,
    "shop.show_release_of_hold": 1,
    "shop.show_requested_cancellation": 1,
    "shop.show_tracking": 3,
}


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
    run_until_idle()


def returned(lines: int) -> None:
    bought = order(lines)
    run_until_idle()
    orders.request_return(bought, all_lines(lines))
    run_until_idle()
    run_until_idle(scheduled=True)
    billing.refund(bought, Decimal(5), "a scratch", reference=str(uuid4()))
    run_until_idle()


def return_refused(lines: int) -> None:
    bought = order(lines)
    run_until_idle(but=["shipping"])
    back = orders.request_return(bought, all_lines(lines))
    orders.refuse_return(back.id, by="staff", reason="worn")
    run_until_idle()


def paid_with_points(lines: int) -> None:
    order(lines, points=10, points_value=Decimal("0.10"))
    order(lines, points=10**6, points_value=Decimal("1.00"))
    run_until_idle()


def cancelled(lines: int) -> None:
    bought = order(lines)
    run_until_idle(but=["shipping"])
    orders.request_cancellation(bought)
    run_until_idle()
    early = order(lines)
    run_until_idle(but=["billing", "fraud", "shipping"])
    orders.request_cancellation(early)
    run_until_idle()
    late = order(lines)
    run_until_idle(but=["orders"])
    orders.request_cancellation(late)
    run_until_idle()


def out_of_stock(lines: int) -> None:
    order(lines, units=5000)
    run_until_idle()


def suspected(lines: int) -> None:
    with override_settings(FRAUD_FLAG_SCORE=0):
        cleared, refused = order(lines), order(lines)
        run_until_idle()
    fraud.clear(cleared, by="staff")
    fraud.refuse(refused, by="staff", why="stolen card")
    run_until_idle()


def paid_late(lines: int) -> None:
    asked, refused = order(lines, CHALLENGED), order(lines, DECLINED)
    order(lines, DECLINED)
    run_until_idle()
    billing.answer_challenge(asked, confirmed=True)
    billing.pay_again(refused, billing.tokenize(APPROVED))
    run_until_idle()
    happens(CheckPayment(order_id=asked, reference="pay_1"))
    run_until_idle(scheduled=True)


def held(lines: int) -> None:
    bought = order(lines)
    orders.hold_order(bought, by="staff", reason="to ask")
    run_until_idle()
    orders.release_order(bought, by="staff")
    run_until_idle()


def shipped_in_parts(lines: int) -> None:
    bought, lost = order(lines), order(lines)
    for each in (bought, lost):
        shipping.hold(each, by="staff")
    run_until_idle()
    shipping.ship_part(bought, all_lines(lines), by="staff")
    shipping.ship_part(lost, all_lines(lines), by="staff")
    shipping.ship_part(lost, all_lines(lines), by="staff")
    with override_settings(CARRIER_TRANSIT=timedelta(days=3)):
        run_until_idle()
        shipment = shipping.shipment_in_detail(lost)
        shipping.give_up_parcel(shipment.parcels.first().id, by="staff")
        orders.request_cancellation(bought)
        run_until_idle()


def packed_later(lines: int) -> None:
    with override_settings(PACKING_TIME=timedelta(hours=1)):
        order(lines, cart_id=uuid4())
        run_until_idle()
        run_until_idle(scheduled=True)


def sent_nowhere(lines: int) -> None:
    goods = order_lines([(f"S{n}", 1) for n in range(1, lines + 1)], requires_shipping=False)
    card = billing.tokenize(APPROVED, holder="guest", country="GB")
    guest = {"customer_id": None, "email": "guest@example.com", "shipping_cost": Decimal(0)}
    orders.place_order(order_details(lines=goods, card=card, **guest))
    run_until_idle()
    orders.claim_orders("guest@example.com", "guest")
    run_until_idle()


def bank_refuses(lines: int) -> None:
    bought = order(lines)
    run_until_idle()
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
    run_until_idle()
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
    run_until_idle()


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
    left_alone,
    an_alert,
    a_customer_comes_and_goes,
)


@dataclass
class Counting:
    """The statements of reactions: the most that one run of each took."""

    most: Counter[str] = field(default_factory=Counter)
    running: list[str] | None = None

    def note(self, execute: Any, sql: str, *more: Any) -> Any:
        if self.running is not None:
            self.running.append(sql)
        return execute(sql, *more)

    def counted(self, reaction: registry.Reaction) -> Callable[..., Any]:
        """Return the reaction's function, counted."""
        function, name = reaction.function, f"{reaction.app}.{reaction.name}"

        def run(*args: Any) -> Any:
            taken: list[str] = []
            if reaction.is_external:
                return self._stepwise(name, taken, function(*args))
            return self._within(name, taken, partial(function, *args))

        return run

    def _stepwise(self, name: str, taken: list[str], steps: Any) -> Generator[Any, Any, None]:
        resume = partial(next, steps)
        while True:
            try:
                call = self._within(name, taken, resume)
            except StopIteration:
                return
            try:
                resume = partial(steps.send, (yield call))
            except Exception as error:
                resume = partial(steps.throw, error)

    def _within(self, name: str, taken: list[str], step: Callable[[], Any]) -> Any:
        self.running = taken
        try:
            return step()
        finally:
            self.running = None
            self.most[name] = max(self.most[name], len(taken))


@contextmanager
def counting() -> Iterator[Counter[str]]:
    """Within, count what each reaction takes."""
    reactions = {id(reaction): reaction for _, reaction in registry.all_reactions()}.values()
    functions = [(reaction, reaction.function) for reaction in reactions]
    counted = Counting()
    try:
        for reaction in reactions:
            object.__setattr__(reaction, "function", counted.counted(reaction))
        with connection.execute_wrapper(counted.note):
            yield counted.most
    finally:
        for reaction, function in functions:
            object.__setattr__(reaction, "function", function)


def test_each_reaction_takes_at_most_its_statements_whatever_the_lines():
    receive_stock({f"S{n}": 1000 for n in range(1, LINES + 1)}, reason="for the stories")
    run_until_idle()
    with counting() as taken:
        for story in STORIES:
            story(LINES)
    above = {name: most for name, most in taken.items() if most > STATEMENTS.get(name, -1)}
    assert not above
    assert set(taken) == set(STATEMENTS), "a reaction that no story reaches"


def test_each_reaction_has_a_number_and_each_number_a_reaction():
    reactions = {reaction for _, reaction in registry.all_reactions() if reaction.app != "tests"}
    known = {f"{reaction.app}.{reaction.name}" for reaction in reactions}
    assert set(STATEMENTS) == known
    assert max(STATEMENTS.values()) < LINES
