"""Why an order is not done: one sentence, whatever holds it up, and where one does about it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from eventbus import clock
from eventbus.console.hooks import NoLookup, hooks
from eventbus.console.story import story
from eventbus.console.why_not_done import standing
from eventbus.console.why_not_done.reason import PLACES
from eventbus.delivery import pause
from eventbus.delivery.models import Delivery
from eventbus.testing import later, settle
from orders.holding import hold_order
from orders.services import place_order
from shop.backoffice.order_stories import OrderStories
from tests.builders import CARD, order_details
from tests.unit.console.history import BEGAN, add_event, placed, reacted
from tests.unit.eventbus.test_workers import seen

pytestmark = pytest.mark.django_db

ORDER = uuid4()
SECONDS = timedelta(seconds=1)


@pytest.fixture
def order():
    return placed(ORDER, "100001")


@pytest.fixture
def workers():
    """Everybody is there to work."""
    for app in ("relay", "billing", "shipping", "notifications"):
        seen(app)


def reasons():
    return standing(story("100001")).reasons


def sentence():
    return standing(story("100001")).sentence


def test_a_parked_reaction_waits_for_a_person_at_its_own_page(order, workers):
    row = reacted(order, "billing.authorise_payment", "parked", attempts=8, error="OSError: gone")
    [reason] = reasons()
    assert "billing.authorise_payment has been parked since" in sentence()
    assert "after 8 attempts (OSError: gone); it goes on when a person retries it" in sentence()
    assert reason.link == reverse("console:delivery", args=[row.id])


def test_a_failed_one_says_which_attempt_it_was_and_when_the_next_is(order, workers):
    again = clock.now() + 30 * SECONDS
    facts = {"attempts": 2, "error": "OSError: gone", "resend_at": again}
    reacted(order, "billing.authorise_payment", "failed", **facts)
    assert "because it failed at attempt 2 of 8 (OSError: gone)" in sentence()
    assert sentence().endswith(f"it is tried again at {clock.local(again):%H:%M:%S}.")


def test_one_that_a_person_has_begun_anew_has_failed_no_attempt(order, workers):
    reacted(order, "billing.authorise_payment", "failed", attempts=0)
    assert "to be begun anew; it is tried again." in sentence()


@pytest.mark.parametrize("reaction", ["", "prepare_shipment"])
def test_a_paused_one_says_who_paused_it_and_why(order, workers, reaction):
    pause.pause("shipping", reaction, by="olga", reason="the carrier is on strike")
    reacted(order, "shipping.prepare_shipment", "waiting")
    [reason] = reasons()
    name = f"shipping.{reaction}".rstrip(".")
    assert f"because olga paused {name} at" in sentence()
    assert f"(the carrier is on strike); it goes on when {name} is resumed" in sentence()
    assert reason.link == reverse("console:paused")


def test_a_pause_is_not_what_keeps_a_parked_one(order, workers):
    pause.pause("shipping", by="olga", reason="strike")
    reacted(order, "shipping.prepare_shipment", "parked", attempts=8)
    assert [reason.kind for reason in reasons()] == ["parked"]


def test_one_that_no_worker_is_there_for_waits_for_one(order):
    reacted(order, "shipping.prepare_shipment", "waiting")
    assert "because no worker of shipping is there" in sentence()
    assert sentence().endswith("it goes on when a worker of shipping works.")


def test_a_worker_that_is_stalled_is_named(order):
    seen("shipping")
    Delivery.objects.filter(pk=reacted(order, "shipping.prepare_shipment", "waiting").pk).update(
        waiting_since=clock.now() - timedelta(minutes=30)
    )
    assert "because the worker of shipping is stalled" in sentence()


def test_one_that_waits_its_turn_says_how_many_are_before_it(order, workers):
    row = reacted(order, "shipping.prepare_shipment", "waiting")
    assert "for a worker of shipping; it goes on by itself" in sentence()
    assert reasons()[0].link == reverse("console:throughput")
    for number in range(3):
        other = reacted(placed(uuid4(), f"20000{number}"), "shipping.prepare_shipment", "waiting")
        moved = {"waiting_since": row.waiting_since - SECONDS}
        Delivery.objects.filter(pk=other.pk).update(**moved)
    assert "for a worker of shipping, behind 3 that have waited longer" in sentence()


def test_an_outside_call_under_way_is_what_is_waited_for_even_when_its_app_is_paused(order):
    pause.pause("billing", by="olga", reason="strike")
    until = clock.now() + 60 * SECONDS
    reacted(order, "billing.authorise_payment", "waiting", leased_until=until)
    assert "for an answer from outside; it goes on by itself" in sentence()


def test_an_event_that_is_not_published_waits_for_the_relay(workers):
    placed(ORDER, "100001", published=False)
    assert sentence().startswith("Not done: orders.OrderPlaced has waited since")
    assert sentence().endswith("for the relay to publish it; it goes on by itself.")


def test_it_says_so_when_no_relay_is_there():
    placed(ORDER, "100001", published=False)
    assert "because no relay works; it goes on when a relay works" in sentence()


def test_a_deadline_says_when_it_is_and_what_may_come_of_it(order):
    due = clock.now() - BEGAN + timedelta(minutes=5)
    add_event("orders.ShippingDeadlineReached", ORDER, due=due, published=False)
    at = clock.local(BEGAN + due)
    assert "for the deadline orders.ShippingDeadlineReached at" in sentence()
    assert f"{at:%H:%M:%S}; then orders.give_up may emit orders.CancellationRequested" in sentence()


def test_the_next_deadline_is_told_first(order):
    for days, type in ((9, "orders.ShippingDeadlineReached"), (2, "shipping.TrackingDue")):
        due = clock.now() - BEGAN + timedelta(days=days)
        add_event(type, ORDER, due=due, published=False)
    assert "shipping.TrackingDue" in reasons()[0].why


def test_a_discarded_step_says_what_does_not_come(order):
    reacted(order, "billing.authorise_payment", "discarded", attempts=8)
    assert "so what it leads to does not come" in sentence()


def test_what_nothing_more_can_come_of_says_which_events_would_end_it(order):
    reacted(order, "shipping.prepare_shipment")
    assert "for orders.OrderCompleted or orders.OrderCancelled" in sentence()
    assert "nothing is open or scheduled after orders.OrderPlaced" in sentence()


def test_the_most_telling_comes_first_and_nothing_is_left_out(order, workers):
    for reaction, state in (
        ("notifications.acknowledge_order", "parked"),
        ("shipping.prepare_shipment", "waiting"),
        ("fraud.screen_order", "failed"),
        ("billing.authorise_payment", "parked"),
    ):
        reacted(order, reaction, state, attempts=1)
    found = [(reason.kind, reason.what.partition(" ")[0]) for reason in reasons()]
    assert found[:3] == [
        ("parked", "billing.authorise_payment"),
        ("failed", "fraud.screen_order"),
        ("waiting", "shipping.prepare_shipment"),
    ]
    # A mail keeps no order from going on.
    assert found[3] == ("parked", "notifications.acknowledge_order")


def test_an_order_is_done_by_the_event_that_ends_it_whatever_is_scheduled_still(order):
    due = clock.now() - BEGAN + timedelta(days=1)
    add_event("orders.ShippingDeadlineReached", ORDER, due=due, published=False)
    add_event("orders.OrderCompleted", ORDER, cause=order, after_ms=20)
    assert standing(story("100001")).is_done
    assert sentence() == "Done: ended by orders.OrderCompleted at 2024-05-04 09:00."


def test_an_order_that_ended_is_not_all_done_while_something_of_it_is_open(order, workers):
    done = add_event("orders.OrderCompleted", ORDER, cause=order, after_ms=20)
    reacted(done, "notifications.tell_delivered", "parked", attempts=8)
    assert "Ended by orders.OrderCompleted at" in sentence()
    assert "but not all is done: notifications.tell_delivered has been parked" in sentence()


def test_where_no_end_is_known_a_story_is_done_when_nothing_is_open_or_scheduled(
    order, monkeypatch
):
    monkeypatch.setattr(hooks, "lookup", NoLookup())
    assert standing(story(str(ORDER))).sentence == "Done: nothing is open or scheduled."
    due = clock.now() - BEGAN + timedelta(days=1)
    add_event("shipping.TrackingDue", ORDER, due=due, published=False)
    assert not standing(story(str(ORDER))).is_done


def real_order(token="tok_approved"):
    """Place an order of something of which there is nothing, and let all apps react."""
    order = place_order(order_details(card=CARD.model_copy(update={"token": token})))
    settle()
    return order


def test_a_real_order_waits_for_the_next_deadline_and_in_the_end_is_done():
    order = real_order()
    assert "for the deadline inventory.StockCheckDue at" in standing(story(order.number)).sentence
    with later(timedelta(days=30)):
        settle()
    assert standing(story(order.number)).sentence.startswith("Done: ended by orders.OrderCancelled")


def test_a_real_order_that_is_flagged_waits_for_a_person_to_decide(settings):
    settings.FRAUD_FLAG_SCORE = 0
    order = real_order()
    found = standing(story(order.number))
    assert found.sentence.startswith("Not done: fraud.OrderFlagged has waited since")
    assert found.sentence.endswith(
        "for staff to decide about fraud; it goes on by fraud.clear or fraud.refuse."
    )


def test_who_decides_is_known_from_the_code_where_nobody_says_it(settings, monkeypatch):
    settings.FRAUD_FLAG_SCORE = 0
    order = real_order()
    monkeypatch.setattr(OrderStories, "answers", {})
    found = standing(story(order.number))
    assert found.sentence.endswith(
        "for a person to decide; it goes on by fraud.clear or fraud.refuse."
    )


def test_a_real_order_whose_card_was_declined_waits_for_another_card():
    order = real_order("tok_declined")
    found = standing(story(order.number))
    assert "billing.PaymentFailed has waited" in found.sentence
    assert "for the shopper to pay with another card; it goes on when they do" in found.sentence


def test_a_real_order_on_hold_waits_for_its_release():
    order = real_order()
    hold_order(order.id, by="kim", reason="asked for")
    settle()
    assert "orders.OrderHeld has waited" in standing(story(order.number)).sentence
    assert "it goes on by orders.release_order" in standing(story(order.number)).sentence


def test_every_page_that_is_named_is_there():
    for page in PLACES:
        assert reverse(f"console:{page}", args=[7] if page == "delivery" else [])
