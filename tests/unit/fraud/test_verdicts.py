"""One verdict per order, whatever arrives when; what is flagged is decided by staff, once."""

from itertools import permutations

import pytest
from django.db import IntegrityError
from django.urls import reverse

from eventbus.testing import emitted, given, redeliver
from fraud import services
from fraud.errors import AlreadyDecided, NotFlagged
from fraud.events import OrderCleared, OrderFlagged, OrderRefused
from fraud.history import earlier_than
from fraud.models import Blocked, Screening
from tests.unit.fraud import facts

pytestmark = pytest.mark.django_db
VERDICTS = [OrderCleared, OrderFlagged, OrderRefused]


def verdicts(order_id):
    return [event for kind in VERDICTS for event in emitted(kind, order_id=order_id)]


@pytest.fixture
def flagged(settings):
    settings.FRAUD_FLAG_SCORE = 30
    placed = facts.placed(card_country="BR")
    given(placed, to="fraud")
    return placed.order_id


@pytest.mark.parametrize(
    ("flag", "refuse", "verdict"),
    [
        (31, 90, OrderCleared),
        (30, 90, OrderFlagged),
        (10, 31, OrderFlagged),
        (10, 30, OrderRefused),
    ],
)
def test_verdict_follows_the_thresholds(settings, flag, refuse, verdict):
    settings.FRAUD_FLAG_SCORE, settings.FRAUD_REFUSE_SCORE = flag, refuse
    placed = facts.placed(card_country="BR")
    given(placed, to="fraud")
    (event,) = verdicts(placed.order_id)
    assert type(event) is verdict
    assert event.score == 30
    assert event.reasons == ("foreign card: from BR, goods to GB",)


def test_order_is_screened_once_however_often_it_is_placed():
    placed = facts.placed()
    given(placed, to="fraud", times=2)
    Blocked.objects.create(value=placed.email)
    redeliver(placed, to="fraud")
    given(facts.placed(placed.order_id), to="fraud")
    assert len(verdicts(placed.order_id)) == 1


@pytest.mark.parametrize("card_country", ["GB", "BR"])
@pytest.mark.parametrize("order", sorted(set(permutations([0, 0, 1, 1]))))
def test_cancelled_order_never_waits_for_staff(settings, order, card_country):
    settings.FRAUD_FLAG_SCORE = 30
    placed = facts.placed(card_country=card_country)
    events = [placed, facts.cancelled(placed.order_id)]
    given(*(events[n] for n in dict.fromkeys(order)), to="fraud")
    redeliver(*(events[n] for n in order), to="fraud")
    assert facts.screening_of(placed.order_id).verdict in ("cleared", "moot")
    assert len(verdicts(placed.order_id)) == (order[0] == 0)


def test_order_cancelled_before_it_was_placed_still_counts_as_history():
    placed = facts.placed()
    given(facts.cancelled(placed.order_id), placed, to="fraud")
    later = facts.placed()
    given(later, to="fraud")
    found = earlier_than([facts.screening_of(later.order_id)])[later.order_id]
    assert [each.order_id for each in found] == [placed.order_id]


def test_staff_clear_a_flagged_order(flagged):
    services.clear(flagged, by="kim")
    (event,) = emitted(OrderCleared)
    assert event.reasons[-1] == "cleared by kim"
    assert facts.screening_of(flagged).decided_by == "kim"


def test_staff_refuse_a_flagged_order_and_say_why(flagged):
    services.refuse(flagged, by="kim", why="called the bank")
    (event,) = emitted(OrderRefused)
    assert event.reasons[-1] == "refused by kim: called the bank"


def test_staff_decide_once(flagged):
    services.clear(flagged, by="kim")
    with pytest.raises(AlreadyDecided, match="kim"):
        services.refuse(flagged, by="bo", why="no")
    with pytest.raises(AlreadyDecided):
        services.clear(flagged, by="kim")
    assert len(verdicts(flagged)) == 2


def test_only_a_flagged_order_awaits_a_decision():
    placed = facts.placed()
    with pytest.raises(NotFlagged):
        services.clear(placed.order_id, by="kim")
    given(placed, to="fraud")
    with pytest.raises(NotFlagged):
        services.refuse(placed.order_id, by="kim", why="no")


def test_flagged_order_that_was_cancelled_awaits_no_decision(flagged):
    given(facts.cancelled(flagged), to="fraud")
    with pytest.raises(NotFlagged):
        services.clear(flagged, by="kim")


def test_database_keeps_who_decided_and_when_together(flagged):
    with pytest.raises(IntegrityError):
        Screening.objects.update(verdict="cleared", decided_by="kim")


def test_screenings_can_be_read_but_not_changed(admin_client, flagged):
    listed = admin_client.get(reverse("admin:fraud_screening_changelist"), {"q": "S-1001"})
    shown = admin_client.get(reverse("admin:fraud_screening_change", args=[flagged]))
    assert b"foreign card" in listed.content
    assert b"foreign card" in shown.content
    assert b'name="_save"' not in shown.content


def test_staff_keep_the_block_list_in_the_admin(admin_client):
    admin_client.post(reverse("admin:fraud_blocked_add"), {"value": "Eve@Example.com"})
    assert Blocked.objects.get().value == "eve@example.com"
    assert admin_client.get(reverse("admin:fraud_blocked_changelist")).status_code == 200
