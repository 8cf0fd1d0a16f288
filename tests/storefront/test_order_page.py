"""The order page: the story as far as it is known, and what can be done about it."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client

from billing import events as billing
from fraud.events import OrderCleared, OrderFlagged, OrderRefused
from inventory.events import HeldLine, Shortage, StockRejected, StockReserved
from inventory.services import receive_stock
from orders.events import CancellationRefused, CancellationRequested, ReturnReceived
from orders.models import Order
from shipping import events as shipping
from shop.bus import Event
from shop.bus.testing import again, emitted, given, settle
from shop.storefront.models import OrderStatus, Tracking
from tests.storefront.conftest import CHALLENGED, filled_in, page_of, placed, put

pytestmark = pytest.mark.django_db

TOTAL = Decimal("30.40")


class Facts:
    """What other apps state about one order."""

    def __init__(self, order: Order) -> None:
        self.id = order.pk
        self.who = {"number": order.number, "email": order.email}
        self.payment = {"payment_id": uuid4(), "amount": TOTAL, "currency": "EUR"}
        self.parcel = {"parcel_id": uuid4(), "tracking_number": "TRACK-1"}

    def reserved(self) -> Event:
        return StockReserved(order_id=self.id, lines=(HeldLine(sku="MUG", quantity=2),))

    def short(self) -> Event:
        shortage = Shortage(sku="MUG", wanted=2, available=1)
        return StockRejected(order_id=self.id, shortages=(shortage,))

    def authorized(self) -> Event:
        return billing.PaymentAuthorized(order_id=self.id, **self.payment)

    def challenged(self) -> Event:
        return billing.PaymentChallenged(order_id=self.id, **self.who, **self.payment)

    def declined(self) -> Event:
        why = {"code": "card_declined", "reason": "The bank declined the card."}
        return billing.PaymentFailed(order_id=self.id, **self.who, **self.payment, **why)

    def voided(self) -> Event:
        return billing.PaymentVoided(order_id=self.id, **self.payment)

    def cleared(self) -> Event:
        return OrderCleared(order_id=self.id, number="S-1001", score=0, reasons=())

    def flagged(self) -> Event:
        return OrderFlagged(order_id=self.id, number="S-1001", score=60, reasons=("odd",))

    def refused(self) -> Event:
        return OrderRefused(order_id=self.id, number="S-1001", score=95, reasons=("secret rule",))

    def captured(self) -> Event:
        return billing.PaymentCompleted(order_id=self.id, **self.payment)

    def billed(self) -> Event:
        money = {"total": TOTAL, "currency": "EUR"}
        return billing.OrderBilled(
            order_id=self.id, customer_id=None, invoice_number="I-1", **self.who, **money
        )

    def shipped(self, complete: bool = True) -> Event:
        line = shipping.ShippedLine(sku="MUG", quantity=2)
        return shipping.OrderShipped(
            order_id=self.id,
            carrier="Carrier",
            lines=(line,),
            complete=complete,
            **self.who,
            **self.parcel,
        )

    def delivered(self) -> Event:
        return shipping.OrderDelivered(order_id=self.id, complete=True, **self.who, **self.parcel)

    def stopped(self) -> Event:
        return shipping.ShipmentStopped(order_id=self.id)

    def refunded(self, amount: str) -> Event:
        payment = {**self.payment, "amount": Decimal(amount)}
        return billing.PaymentRefunded(
            order_id=self.id,
            customer_id=None,
            refund_id=uuid4(),
            refunded_total=Decimal(amount),
            captured_total=TOTAL,
            reason="because",
            **self.who,
            **payment,
        )


@pytest.fixture
def order() -> Order:
    return placed()


@pytest.fixture
def facts(order) -> Facts:
    return Facts(order)


def happened(facts: Facts, *names: str) -> None:
    """The facts of these names become known to orders and to the shop."""
    for event in (getattr(facts, name)() for name in names):
        given(event, to="orders")
        again(event, to="shop")


PAID = ("reserved", "authorized", "cleared", "captured", "billed")
DELIVERED = (*PAID, "shipped", "delivered")


def story(client, order):
    return client.get(page_of(order.pk)).context["story"]


def told(client, order) -> dict[str, str]:
    """Each step's title and look."""
    return {step.title: step.look for step in story(client, order).steps}


def text(client, order) -> str:
    return client.get(page_of(order.pk)).content.decode()


USUAL = (
    "Order received",
    "Set aside for you",
    "Payment approved",
    "Order checked",
    "Paid",
    "On its way",
    "Delivered",
)


@pytest.mark.parametrize(
    ("names", "looks"),
    [
        ((), "done now now now ahead ahead ahead"),
        (("reserved",), "done done now now ahead ahead ahead"),
        (("cleared", "authorized"), "done now done done ahead ahead ahead"),
        (("reserved", "authorized", "cleared"), "done done done done now ahead ahead"),
        (PAID, "done done done done done now ahead"),
        # What must have happened before has, even if word of it is still on its way.
        (("billed",), "done done done done done now ahead"),
        ((*PAID, "shipped"), "done done done done done done now"),
        (DELIVERED, "done done done done done done done"),
        (("delivered", "shipped", "billed"), "done done done done done done done"),
    ],
)
def test_usual_way_step_by_step(client, order, facts, names, looks):
    happened(facts, *names)
    assert told(client, order) == dict(zip(USUAL, looks.split(), strict=True))


def test_page_renews_itself_until_the_order_has_ended(client, order, facts):
    assert "live.js" in text(client, order)
    assert 'http-equiv="refresh"' in text(client, order)
    happened(facts, *DELIVERED)
    assert "live.js" not in text(client, order)
    assert 'http-equiv="refresh"' not in text(client, order)


def test_flagged_order_says_that_somebody_looks_at_it(client, order, facts):
    happened(facts, "flagged")
    assert "A colleague is having a look" in text(client, order)


def test_tracking_number_of_each_parcel_is_shown(client, order, facts):
    part = facts.shipped(complete=False)
    given(part, to="shop", times=2)
    assert "TRACK-1" in text(client, order)
    assert told(client, order)["On its way"] == "ahead"
    assert Tracking.objects.count() == 1


def test_lack_of_stock_is_told_with_the_money(client, order, facts):
    happened(facts, "authorized", "short")
    assert told(client, order) == {
        "Order received": "done",
        "Payment approved": "done",
        "Cancelled": "ended",
        "Your money": "now",
    }
    assert "MUG (1 of 2)" in text(client, order)
    assert "is being released" in text(client, order)
    happened(facts, "voided")
    assert "has been released" in text(client, order)
    assert told(client, order)["Your money"] == "done"


def test_declined_card_is_told_with_its_reason(client, order, facts):
    happened(facts, "reserved", "declined")
    page = text(client, order)
    assert "The payment did not go through: The bank declined the card." in page
    assert "Nothing was taken from your card." in page
    assert not story(client, order).unfinished


def test_hold_the_bank_dropped_itself_is_not_waited_for(client, order, facts):
    happened(facts, "authorized", "declined")
    assert "Nothing was taken from your card." in text(client, order)
    assert not story(client, order).unfinished


def test_reasons_for_suspicion_are_not_told(client, order, facts):
    happened(facts, "refused")
    page = text(client, order)
    assert "we could not accept this order" in page
    assert "secret rule" not in page


def test_cancelling_by_post_is_asked_and_its_answer_shown(client, order, facts):
    happened(facts, *PAID)
    response = client.post(page_of(order.pk) + "cancel/")
    assert response.url == page_of(order.pk)
    assert [e.reason for e in emitted(CancellationRequested)] == ["customer"]
    assert "The cancellation was asked for." in text(client, order)
    assert told(client, order)["Cancelling"] == "now"
    happened(facts, "stopped")
    assert told(client, order)["Cancelled"] == "ended"
    assert "€30.40 is on its way back to your card." in text(client, order)
    happened_refund(facts, "30.40")
    assert "€30.40 has gone back to your card." in text(client, order)
    assert not story(client, order).unfinished


def happened_refund(facts: Facts, amount: str) -> None:
    given(facts.refunded(amount), to="orders")


def test_cancelling_that_came_too_late_is_answered(client, order, facts):
    happened(facts, *PAID)
    client.post(page_of(order.pk) + "cancel/")
    happened(facts, "shipped")
    again(emitted(CancellationRefused)[0], to="shop")
    page = text(client, order)
    assert "the parcel had already left" in page
    assert "Cancel this order" not in page


def test_cancelling_needs_post_and_an_order_that_can_be_cancelled(client, order, facts, elsewhere):
    address = page_of(order.pk) + "cancel/"
    assert client.get(address).status_code == 405
    assert client.post(page_of(elsewhere) + "cancel/").status_code == 404
    assert Client(enforce_csrf_checks=True).post(address).status_code == 403
    happened(facts, *PAID, "shipped")
    page = client.post(address, follow=True).content.decode()
    assert "This order can no longer be cancelled." in page
    assert not emitted(CancellationRequested)


@pytest.fixture
def challenged(client, mug) -> Order:
    """An order whose bank waits for the shopper; all apps are there."""
    receive_stock({"MUG": 5}, reason="for the test")
    put(client, "MUG")
    client.post("/checkout/", filled_in(client, test_card=CHALLENGED))
    settle()
    return Order.objects.get()


def test_challenge_is_shown_and_answered_once(client, challenged):
    order = challenged
    assert "Go to your bank" in text(client, order)
    bank = page_of(order.pk) + "challenge/"
    assert "Is it you who pays?" in client.get(bank).content.decode()
    client.post(bank, {"answer": "confirm"})
    assert "We are waiting for its decision." in text(client, order)
    assert client.get(bank).url == page_of(order.pk)
    settle()
    assert told(client, order)["Payment approved"] == "done"


def test_challenge_that_is_refused_ends_the_order(client, challenged):
    client.post(page_of(challenged.pk) + "challenge/", {"answer": "refuse"})
    settle()
    page = text(client, challenged)
    assert "The payment did not go through" in page
    assert "Nothing was taken from your card." in page


def test_challenge_nobody_asked_for_leads_back(client, order):
    assert client.get(page_of(order.pk) + "challenge/").url == page_of(order.pk)


def test_challenge_that_is_over_is_no_error(client, order, facts):
    happened(facts, "challenged")
    page = client.post(page_of(order.pk) + "challenge/", {"answer": "confirm"}, follow=True)
    assert "The bank does not wait for your answer any more." in page.content.decode()


def test_facts_of_the_status_come_in_any_order_and_twice(order, facts):
    refused = CancellationRefused(order_id=order.pk, reason="customer", **facts.who)
    given(facts.voided(), refused, facts.challenged(), to="shop", times=2)
    status = OrderStatus.objects.get()
    assert status.voided_at
    assert status.challenged_at
    assert status.cancellation_refused_at


def test_units_of_a_delivered_order_go_back(client, order, facts):
    happened(facts, *DELIVERED)
    response = client.post(page_of(order.pk) + "return/", {"line-1": 1, "reason": "Too small"})
    assert response.url == page_of(order.pk)
    assert [(e.lines[0].sku, e.amount) for e in emitted(ReturnReceived)] == [("MUG", 10)]
    assert told(client, order)["Goods returned"] == "done"
    assert "€10.00 is on its way back to your card." in text(client, order)
    happened_refund(facts, "10.00")
    assert "€10.00 has gone back to your card." in text(client, order)
    assert not story(client, order).unfinished


@pytest.mark.parametrize(
    "form",
    [{}, {"line-1": 0}, {"line-1": 3}, {"line-1": -1}, {"line-1": "x"}, {"line-1": 10**9}],
)
def test_wrong_return_is_refused_by_name(client, order, facts, form):
    happened(facts, *DELIVERED)
    response = client.post(page_of(order.pk) + "return/", form)
    assert response.status_code == 422
    assert "Quantity:" in response.content.decode() or "Mug:" in response.content.decode()
    assert not emitted(ReturnReceived)


def test_same_units_go_back_once(client, order, facts):
    happened(facts, *DELIVERED)
    for _ in range(2):
        response = client.post(page_of(order.pk) + "return/", {"line-1": 2})
    assert response.status_code == 422
    assert len(emitted(ReturnReceived)) == 1


def test_nothing_goes_back_before_it_has_arrived(client, order, facts):
    happened(facts, *PAID)
    assert "Send something back" not in text(client, order)
    assert client.post(page_of(order.pk) + "return/", {"line-1": 1}).status_code == 422
    assert client.get(page_of(order.pk) + "return/").status_code == 405


def test_unknown_order_is_not_found(client, elsewhere):
    for address in ("", "challenge/"):
        assert client.get(page_of(elsewhere) + address).status_code == 404
    assert client.post(page_of(elsewhere) + "return/").status_code == 404


def test_order_page_is_kept_out_of_caches_and_search_engines(client, order):
    page = client.get(page_of(order.pk))
    assert "no-store" in page["Cache-Control"]
    assert 'content="noindex"' in page.content.decode()


def test_staff_find_the_order_in_the_admin(admin_client, order):
    assert f"/admin/orders/order/{order.pk}/change/" in text(admin_client, order)


@pytest.mark.parametrize("public", [True, False])
def test_mails_are_linked_where_they_can_be_read(client, order, settings, public):
    settings.MAILS_PAGE_PUBLIC = public
    assert (f"/mails/?q={order.number}" in text(client, order)) == public
