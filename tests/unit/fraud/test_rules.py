"""What speaks against an order, rule by rule."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError

from eventbus.testing import given, given_together
from fraud.history import LOOK_BACK, earlier_than
from fraud.models import Blocked, Screening
from tests.unit.fraud import facts

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(days=30)


def screened(*earlier, **order):
    """Return what is found about an order that comes after these."""
    placed = facts.placed(**order)
    given(*earlier, placed, to="fraud")
    screening = facts.screening_of(placed.order_id)
    return screening.score, [reason.partition(":")[0] for reason in screening.reasons]


def orders(count, **each):
    return [facts.placed(**each) for _ in range(count)]


def test_first_order_has_nothing_against_it():
    assert screened() == (0, [])


@pytest.mark.parametrize(
    "same",
    [
        {"email": "x@example.com", "card": "x"},
        {"customer_id": None, "card": "x"},
        {"customer_id": None, "email": "x@example.com"},
    ],
    ids=["customer", "email", "card"],
)
def test_many_orders_of_one_customer_email_or_card_in_a_short_time(same):
    assert screened(*orders(3), **same) == (0, [])
    assert screened(facts.placed(), **same) == (20, ["velocity"])


def test_email_is_the_same_in_capitals():
    assert screened(*orders(4), email="ADA@example.com", customer_id=None, card="x")[0] == 20


def test_guests_have_nothing_in_common_by_having_no_account():
    guests = [
        facts.placed(customer_id=None, email=f"{n}@example.com", card=f"{n}") for n in range(6)
    ]
    assert screened(*guests, customer_id=None) == (0, [])


def test_orders_without_a_card_have_nothing_in_common_by_that():
    strangers = [
        facts.placed(customer_id=None, email=f"{n}@example.com", card=None) for n in range(6)
    ]
    assert screened(*strangers, customer_id=None, card=None) == (0, [])


def test_no_card_is_not_another_card():
    cards = [facts.placed(card=f"{n}", ago=timedelta(hours=n + 1)) for n in range(4)]
    assert "many cards" not in screened(*cards, facts.placed(card=None), card="5")[1]


def test_orders_before_the_window_are_not_many_in_a_short_time():
    assert screened(*orders(6, ago=timedelta(minutes=11))) == (0, [])


def test_order_is_not_compared_with_later_ones():
    assert screened(*orders(6), ago=timedelta(minutes=1)) == (0, [])


@pytest.mark.parametrize(("total", "score"), [("199.99", 0), ("200.00", 25)])
def test_amount_ten_times_the_mean_of_three_earlier_orders_is_unusual(total, score):
    before = [facts.placed(total=each, ago=LONG_AGO) for each in ("10.00", "20.00", "30.00")]
    assert screened(*before, total=total)[0] == score


def test_two_earlier_orders_are_not_enough_to_compare_amounts():
    assert screened(*orders(2, ago=LONG_AGO), total="9000.00") == (0, [])


def test_amounts_of_another_shopper_with_the_same_card_are_not_compared():
    theirs = orders(3, ago=LONG_AGO, customer_id="8", email="bob@example.com")
    assert screened(*theirs, total="9000.00") == (0, [])


@pytest.mark.parametrize(("country", "score"), [("BR", 30), ("GB", 0), ("", 0)])
def test_card_of_another_country_than_the_parcels(country, score):
    assert screened(card_country=country)[0] == score


def test_many_cards_of_one_shopper_within_a_day():
    cards = [facts.placed(card=f"{n}", ago=timedelta(hours=n + 1)) for n in range(5)]
    assert screened(*cards[1:]) == (0, [])
    assert screened(cards[0]) == (40, ["many cards"])


def test_cards_of_the_day_before_are_not_many_within_a_day():
    cards = [facts.placed(card=f"{n}", ago=timedelta(hours=25)) for n in range(9)]
    assert screened(*cards) == (0, [])


@pytest.mark.parametrize("value", ["ada@example.com", "ada-visa"])
def test_email_or_card_that_staff_blocked_is_refused(value):
    Blocked.objects.create(value=value)
    assert screened() == (100, ["known bad"])


def test_blocked_value_is_kept_in_lower_case():
    typed = Blocked(value=" Ada@Example.com ")
    typed.full_clean()
    assert typed.value == "ada@example.com"
    with pytest.raises(IntegrityError):
        Blocked.objects.create(value="Ada@Example.com")


def test_score_is_at_most_100():
    Blocked.objects.create(value="ada@example.com")
    score, reasons = screened(*orders(4), card_country="BR")
    assert score == 100
    assert reasons == ["velocity", "foreign card", "known bad"]


def test_wholesale_customer_with_many_orders_at_once_is_cleared():
    """A trading day replayed at full speed: amounts differ widely, seconds apart."""
    before = [facts.placed(total=total) for total in ("12.00", "35.90", "8.50", "25.00")]
    assert screened(*before, total="2033.10") == (45, ["velocity", "unusual amount"])


def test_history_of_a_busy_shopper_is_read_in_part_and_at_once(django_assert_num_queries):
    given(*orders(LOOK_BACK + 2), to="fraud")
    latest = Screening.objects.latest("placed_at")
    with django_assert_num_queries(1):
        assert len(earlier_than([latest])[latest.order_id]) == LOOK_BACK


def test_mean_is_exact():
    before = [facts.placed(total="0.10", ago=LONG_AGO) for _ in range(3)]
    assert screened(*before, total="1.00") == (25, ["unusual amount"])


def test_orders_screened_together_count_for_each_other_in_the_order_they_were_placed_in():
    events = [facts.placed(ago=timedelta(seconds=n)) for n in range(6)]
    given_together(*events, to="fraud")
    scores = [facts.screening_of(event.order_id).score for event in events]
    assert scores == [20, 20, 0, 0, 0, 0]


@pytest.mark.django_db(transaction=True)
def test_orders_screened_together_or_one_by_one_get_the_same_verdicts():
    def screenings():
        columns = ("number", "email", "verdict", "score", "reasons", "amount", "card_country")
        return list(Screening.objects.order_by("placed_at").values_list(*columns))

    Blocked.objects.create(value="eve@example.com")
    whose = [{}, {}, {}, {"email": "eve@example.com"}, {"customer_id": None, "card": "bob"}, {}]
    events = [facts.placed(**who, card_country="BR") for who in whose]
    given(events[0], to="fraud")
    given_together(*events[1:], to="fraud")
    together = screenings()
    Screening.objects.all().delete()
    given(*(event.model_copy(update={"order_id": uuid4()}) for event in events), to="fraud")
    assert screenings() == together
