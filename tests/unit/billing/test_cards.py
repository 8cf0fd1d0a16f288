"""What each test card does to an order, and what is said about a card as typed."""

import pytest

from billing import services
from billing.errors import CardInvalid
from billing.events import (
    OrderBilled,
    PaymentAuthorized,
    PaymentChallenged,
    PaymentCompleted,
    PaymentFailed,
)
from billing.sandbox import TEST_CARDS
from eventbus.testing import emitted
from tests.unit.billing import facts

pytestmark = pytest.mark.django_db

CAPTURED = [PaymentAuthorized, PaymentCompleted, OrderBilled]
OUTCOMES = {
    "approved": CAPTURED,
    "foreign": CAPTURED,
    "slow": CAPTURED,
    "flaky": CAPTURED,
    "lost-hold": CAPTURED,
    "lost-capture": CAPTURED,
    "declined": [PaymentFailed],
    "poor": [PaymentFailed],
    "lapsed": [PaymentAuthorized, PaymentFailed],
    "challenged": [PaymentChallenged],
}


@pytest.mark.parametrize("card", TEST_CARDS, ids=lambda card: card.name)
def test_card_leads_to_what_its_text_says_whatever_is_retried(order_id, card):
    events = [facts.placed(order_id, card.number), facts.reserved(order_id)]
    events += [facts.cleared(order_id)]
    for event in events:
        facts.emit_with_deliveries(event)
        facts.insist(event)
    kinds_emitted = {kind for kinds in OUTCOMES.values() for kind in kinds if emitted(kind)}
    assert kinds_emitted == set(OUTCOMES[card.name])
    taken = facts.TOTAL if PaymentCompleted in kinds_emitted else 0
    assert facts.moved(order_id, "capture") == taken


def test_slow_card_takes_as_long_as_the_settings_say(order_id, settings, monkeypatch):
    slept = []
    monkeypatch.setattr("time.sleep", slept.append)
    settings.GATEWAY_SLOW = facts.SLOW
    placed = facts.placed(order_id, "4000 0000 0000 1190")
    facts.emit_with_deliveries(placed)
    facts.deliver(placed)
    assert slept == [facts.SLOW.total_seconds()]


def test_decline_names_the_processors_code_and_a_reason_for_people(order_id):
    placed = facts.placed(order_id, "4000 0000 0000 9995")
    facts.emit_with_deliveries(placed)
    facts.deliver(placed)
    (failed,) = emitted(PaymentFailed)
    assert (failed.code, failed.number, failed.email) == (
        "insufficient_funds",
        placed.number,
        placed.email,
    )
    assert "not enough money" in failed.reason


def test_same_number_and_holder_make_the_same_fingerprint():
    first, spaced = services.tokenize("4242424242424242"), services.tokenize("4242-4242 4242 4242")
    assert first == spaced
    assert first.last4 == "4242"
    assert "4242424242424242" not in first.model_dump_json()


def test_each_holder_has_a_card_of_their_own():
    tokens = [services.tokenize(facts.GOOD_CARD, holder=h) for h in ("", "retail-1", "retail-2")]
    assert len({token.fingerprint for token in tokens}) == 3


def test_issuing_country_is_the_cards_or_else_the_shoppers():
    assert services.tokenize(facts.GOOD_CARD).country == ""
    assert services.tokenize(facts.GOOD_CARD, country="FR").country == "FR"
    assert services.tokenize("4000 0048 4000 8001", country="FR").country == "MX"


@pytest.mark.parametrize("typed", ["４２４２４２４２４２４２４２４２", "4242\u00a04242–4242−4242"])
def test_a_number_is_read_in_wide_digits_and_with_any_dashes(typed):
    assert services.tokenize(typed) == services.tokenize("4242424242424242")


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"number": "4242 4242 4242 4241"}, "number"),
        ({"number": "4242"}, "number"),
        ({"number": "٤٢٤٢٤٢٤٢٤٢٤٢٤٢٤٢"}, "number"),
        ({"number": "hello"}, "number"),
        ({"number": "5555 5555 5555 4444"}, "number"),
        ({"expiry": "13/40"}, "expiry"),
        ({"expiry": "01/20"}, "expiry"),
        ({"expiry": "soon"}, "expiry"),
        ({"cvc": "12"}, "cvc"),
        ({"cvc": "12a"}, "cvc"),
    ],
)
def test_card_that_cannot_be_used_is_refused_by_field(typed, field):
    with pytest.raises(CardInvalid) as refusal:
        services.tokenize(**{"number": facts.GOOD_CARD} | typed)
    assert list(refusal.value.errors) == [field]
    assert isinstance(refusal.value, ValueError)


@pytest.mark.parametrize("expiry", ["12/40", "1/40", "12 / 2040", "１２／４０"])
def test_card_is_good_until_its_month_is_over(expiry):
    assert services.tokenize(facts.GOOD_CARD, expiry=expiry, cvc="123")
