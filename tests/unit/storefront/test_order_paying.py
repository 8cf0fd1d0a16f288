"""Paying an order: the bank's question, a refused card, another one."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.formats import date_format

from billing.events import PaymentRetried
from billing.models import Charge
from eventbus.testing import emitted, given, settle
from inventory.services import receive_stock
from orders.events import ShippingDeadlineReached
from orders.models import Order
from shop.storefront.progress import load
from tests.unit.storefront.conftest import APPROVED, CHALLENGED, filled_in, put
from tests.unit.storefront.facts import happened, known, page_of, step, step_states, text
from tests.walking import only_context

pytestmark = pytest.mark.django_db

DECLINED, POOR = "4000 0000 0000 0002", "4000 0000 0000 9995"

WRONG = [
    ({"card_number": "1"}, "Or type a card number:"),
    ({"test_card": "", "card_number": ""}, "Choose a test card, or type its number."),
    ({"attempt": "x"}, "Attempt:"),
]


@pytest.fixture
def bought(client, mug):
    """Buys a mug with a card; all apps are there."""

    def buy(card: str) -> Order:
        receive_stock({"MUG": 5}, reason="for the test")
        put(client, "MUG")
        client.post("/checkout/", filled_in(client, test_card=card))
        settle()
        return Order.objects.get()

    return buy


def pay(client, order: Order, card: str = APPROVED, **changes):
    """Send the form of the page on which another card is given."""
    address = page_of(order.pk) + "pay/"
    with only_context():
        form = client.get(address).context["form"]
    sent = {"attempt": form["attempt"].value(), "test_card": card, **changes}
    return client.post(address, sent)


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("card_declined", "The bank declined the card."),
        ("insufficient_funds", "There is not enough money on the account."),
        ("expired_card", "The card has expired."),
        ("a_new_code", "The processor says no."),
    ],
)
def test_declined_card_is_told_with_its_reason(client, order, facts, code, why):
    known(facts.reserved(), facts.declined(code=code))
    assert step(order, "cancelled").text == f"The payment did not go through: {why}"
    assert step(order, "money").text == "Nothing was taken from your card."
    assert not load(order.pk).unfinished


def test_refused_card_leaves_time_for_another_one(client, order, facts):
    happened(facts, "reserved", "declined_for_now")
    assert step_states(order)["payment"] == "trouble"
    page = text(client, order)
    assert "Pay with another card" in page
    assert "Nothing was taken." in page
    assert load(order.pk).unfinished


def test_page_turns_when_the_time_to_pay_is_over(client, order, facts):
    until = timezone.now() + timedelta(seconds=5)
    known(facts.reserved(), facts.declined(until=until))
    assert load(order.pk).next_change_at == until
    Order.objects.update(pay_until=timezone.now())
    assert "The time to pay with another card is over" in text(client, order)


def test_another_card_pays_the_order(client, bought):
    order = bought(DECLINED)
    assert step_states(order)["payment"] == "trouble"
    assert pay(client, order).url == page_of(order.pk)
    # At once, before anybody has reacted.
    assert step_states(order)["payment"] == "now"
    assert client.get(page_of(order.pk) + "pay/").url == page_of(order.pk)
    settle(scheduled=True)
    assert step_states(order)["payment"] == "done"


def test_page_for_another_card_has_the_cards_to_choose_from(client, bought):
    page = client.get(page_of(bought(DECLINED).pk) + "pay/")
    for card in (APPROVED, CHALLENGED, POOR):
        assert f'name="test_card" value="{card}"' in page.content.decode()


def test_another_card_that_is_refused_too_can_be_replaced(client, bought):
    order = bought(DECLINED)
    pay(client, order, POOR)
    settle()
    assert "There is not enough money" in text(client, order)
    pay(client, order)
    settle()
    assert step_states(order)["payment"] == "done"


def test_double_click_is_one_attempt(client, bought):
    order = bought(DECLINED)
    address = page_of(order.pk) + "pay/"
    sent = {"attempt": "1", "test_card": POOR}
    assert client.post(address, sent).url == client.post(address, sent).url == page_of(order.pk)
    settle()
    assert client.post(address, sent).url == page_of(order.pk)
    assert step_states(order)["payment"] == "trouble"
    assert [e.attempt for e in emitted(PaymentRetried)] == [2]
    assert Charge.objects.get().attempt == 2


def test_wrong_card_is_refused_by_name(client, bought):
    order = bought(DECLINED)
    for changes, error in WRONG:
        response = pay(client, order, **changes)
        assert response.status_code == 422, changes
        assert error in response.content.decode()
        assert not emitted(PaymentRetried)


def test_no_other_card_is_asked_for_without_need(client, order):
    address = page_of(order.pk) + "pay/"
    assert client.get(address).url == page_of(order.pk)
    assert client.post(address, {"attempt": 1, "test_card": APPROVED}).url == page_of(order.pk)
    assert not emitted(PaymentRetried)


def test_hold_the_bank_dropped_itself_is_not_waited_for(client, order, facts):
    happened(facts, "authorized", "declined")
    assert "Nothing was taken from your card." in text(client, order)
    assert not load(order.pk).unfinished


def test_challenge_is_shown_and_answered_once(client, bought):
    order = bought(CHALLENGED)
    assert "Go to your bank" in text(client, order)
    bank = page_of(order.pk) + "challenge/"
    assert "Is it you who pays?" in client.get(bank).content.decode()
    client.post(bank, {"answer": "confirm"})
    assert "We are waiting for its decision." in text(client, order)
    assert client.get(bank).url == page_of(order.pk)
    settle()
    assert step_states(order)["payment"] == "done"


def test_challenge_that_is_refused_leaves_time_for_another_card(client, bought):
    order = bought(CHALLENGED)
    client.post(page_of(order.pk) + "challenge/", {"answer": "refuse"})
    settle()
    page = text(client, order)
    assert "The payment was not confirmed with the bank." in page
    assert "Pay with another card" in page


def test_challenge_that_is_left_open_ends_the_order_and_says_so(client, bought):
    order = bought(CHALLENGED)
    assert "There is time until" in text(client, order)
    given(ShippingDeadlineReached(order_id=order.pk), to="orders")
    settle()
    assert "was not confirmed with your bank in time" in step(order, "cancelled").text
    assert step(order, "money").text == "Nothing was taken from your card."
    assert not load(order.pk).unfinished


def test_question_about_an_earlier_card_is_not_asked_any_more(client, order, facts):
    happened(facts, "challenged", "declined_for_now")
    assert not load(order.pk).challenged
    known(PaymentRetried(order_id=order.pk, payment_id=order.pk, attempt=2))
    assert not load(order.pk).challenged


def test_processors_own_page_is_where_its_question_is_answered(client, order, facts):
    known(facts.challenged(url="https://processor.example/ask"))
    address = page_of(order.pk) + "challenge/"
    assert client.get(address).url == "https://processor.example/ask"


def test_challenge_nobody_asked_for_leads_back(client, order):
    assert client.get(page_of(order.pk) + "challenge/").url == page_of(order.pk)


def test_challenge_that_is_over_is_no_error(client, order, facts):
    happened(facts, "challenged")
    page = client.post(page_of(order.pk) + "challenge/", {"answer": "confirm"}, follow=True)
    assert "The bank does not wait for your answer any more." in page.content.decode()


def test_invoice_is_a_file_once_the_order_is_paid(client, bought):
    order = bought(APPROVED)
    assert "invoice.pdf" in text(client, order)
    invoice = client.get(page_of(order.pk) + "invoice.pdf")
    assert invoice["Content-Type"] == "application/pdf"
    assert invoice["Content-Disposition"].startswith('attachment; filename="')
    assert invoice.content.startswith(b"%PDF")
    assert "no-store" in invoice["Cache-Control"]


def test_order_that_is_not_paid_has_no_invoice(client, order, elsewhere):
    assert "invoice.pdf" not in text(client, order)
    response = client.get(page_of(order.pk) + "invoice.pdf")
    assert response.status_code == 409
    assert "We write the invoice when the order is paid." in response.content.decode()
    assert client.get(page_of(elsewhere) + "invoice.pdf").status_code == 404


def test_page_says_until_when_the_bank_may_be_answered_and_looking_at_it_gives_more_time(
    client, bought
):
    order = bought(CHALLENGED)
    soon = timezone.now() + timedelta(minutes=5)
    Order.objects.update(pay_until=soon)
    page = text(client, order)
    until = Order.objects.get().pay_until
    assert until > soon
    assert date_format(until, "DATETIME_FORMAT") in page
    assert "There is little time left" not in page


def test_page_says_when_the_time_to_pay_is_nearly_over(client, bought, settings):
    order = bought(CHALLENGED)
    settings.UNPAID_AT_MOST = timedelta(0)
    soon = timezone.now() + timedelta(minutes=4)
    Order.objects.update(pay_until=soon)
    assert "There is little time left" not in text(client, order)
    assert load(order.pk).next_change_at == soon - timedelta(minutes=3)
    Order.objects.update(pay_until=soon - timedelta(minutes=2))
    assert "There is little time left" in text(client, order)


def test_open_page_is_rendered_anew_in_time_to_give_more_time(client, bought, settings):
    order = bought(CHALLENGED)
    until = Order.objects.get().pay_until
    assert load(order.pk).next_change_at == until - settings.PAYMENT_CHALLENGE_TIMEOUT / 3


def test_shopper_who_has_too_much_unpaid_is_told_in_words(client, mug, settings):
    settings.MOST_UNPAID_UNITS = 1
    receive_stock({"MUG": 5}, reason="for the test")
    settle()
    put(client, "MUG", 2)
    answer = client.post("/checkout/", filled_in(client, test_card=CHALLENGED))
    assert answer.status_code == 422
    assert "At most 1 units can be ordered" in answer.content.decode()
    assert not Order.objects.exists()
