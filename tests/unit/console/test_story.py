"""The story of an order, from its history on the bus."""

import json
from datetime import timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.core.management.color import color_style, no_style

from eventbus.console.render_tree import format_duration, render_tree
from eventbus.console.story import UnknownStory, story
from eventbus.console.story_nodes import Reaction, StoryEvent, all_nodes
from eventbus.delivery.models import Delivery, OperatorAction, OutboxEvent
from eventbus.testing import settle
from orders.services import place_order
from tests.builders import CARD, order_details
from tests.unit.console.history import BEGAN, add_event, placed, reacted

pytestmark = pytest.mark.django_db

ORDER = uuid4()


def draw(reference, style=None):
    return list(render_tree(story(str(reference)), style or no_style()))


def types(nodes):
    return [node.type for node in nodes]


def test_any_name_of_the_order_leads_to_the_same_story():
    origin = placed(ORDER, "100001")
    expiry = add_event(
        "orders.ShippingDeadlineReached", ORDER, due=timedelta(days=3), published=False
    )
    stock = add_event("inventory.InventoryUpdated", uuid4(), cause=origin)
    back = add_event("orders.ReturnReceived", uuid4(), order_id=str(ORDER))
    refund = add_event("billing.PaymentRefunded", ORDER, cause=back)
    ids = [event.id for event in (origin, expiry, stock, back, refund)]
    names = ["100001", ORDER, str(ORDER).upper(), *ids]
    assert {tuple(draw(name)) for name in names} == {tuple(draw("100001"))}
    assert len(story("100001").events) == 3


def test_another_orders_events_are_left_out():
    placed(ORDER, "100001")
    reacted(placed(uuid4(), "100002"), "billing.authorise")
    assert draw("100001")[1] == "events: 1; reactions: none yet"


def test_what_was_taken_back_says_by_what():
    origin = placed(ORDER, "100001")
    paid = add_event("billing.PaymentAuthorized", ORDER, cause=origin, after_ms=10)
    add_event("orders.OrderCancelled", uuid4(), cause=origin, after_ms=20)
    assert "taken back" not in "".join(draw("100001"))
    undo = add_event("orders.OrderCancelled", ORDER, cause=origin, after_ms=30)
    again = add_event("billing.PaymentAuthorized", ORDER, cause=origin, after_ms=40)
    undone = {node.id: node.compensated_by for node in all_nodes(story("100001").events)}
    assert undone[paid.id].id == undo.id
    assert undone[again.id] is None
    assert "compensated by orders.OrderCancelled" in draw("100001")[3]


def test_what_an_operator_had_tried_again_says_who_it_was():
    row = reacted(placed(ORDER, "100001"), "billing.authorise", attempts=1)
    OperatorAction.objects.create(kind="retried", app="billing", delivery_id=row.id, by="olga")
    OperatorAction.objects.create(kind="noted", app="billing", delivery_id=row.id, by="kim")
    assert draw("100001")[-1].endswith("retried by olga")


def test_an_unknown_order_is_refused_by_name():
    placed(ORDER, "100001")
    for unknown in ("100002", str(uuid4()), "not-a-uuid"):
        with pytest.raises(UnknownStory, match=unknown):
            story(unknown)


def test_the_story_of_something_else_has_no_order_number():
    cart = uuid4()
    placed(ORDER, "100001", cause=add_event("shop.CartUpdated", cart))
    found = story(str(cart))
    assert (found.subject, found.number) == (str(cart), None)


def test_what_a_person_starts_later_is_a_root_of_its_own():
    placed(ORDER, "100001")
    request = add_event("orders.CancellationRequested", ORDER, after_ms=5)
    add_event("shipping.ShipmentStopped", ORDER, cause=request, after_ms=9)
    assert types(story("100001").events) == ["orders.OrderPlaced", "orders.CancellationRequested"]


def test_an_effect_whose_cause_is_another_story_is_a_root():
    cart = add_event("shop.CartUpdated", uuid4())
    origin = placed(ORDER, "100001", cause=cart)
    OutboxEvent.objects.filter(id=origin.id).update(correlation_id=origin.id)
    assert types(story("100001").events) == ["orders.OrderPlaced"]


def test_an_effect_belongs_to_the_reaction_that_emitted_it():
    origin = placed(ORDER, "100001")
    reacted(origin, "billing.authorise")
    reacted(origin, "billing.invoice")
    add_event("billing.PaymentAuthorized", ORDER, cause=origin, by="authorise")
    [root] = story("100001").events
    assert [types(reaction.emitted) for reaction in root.reactions] == [
        ["billing.PaymentAuthorized"],
        [],
    ]
    assert root.emitted == []


def test_an_effect_of_a_reaction_that_is_not_there_belongs_to_the_event():
    origin = placed(ORDER, "100001")
    reacted(origin, "billing.authorise")
    add_event("billing.PaymentAuthorized", ORDER, cause=origin)
    [root] = story("100001").events
    assert types(root.emitted) == ["billing.PaymentAuthorized"]


def test_time_is_split_into_waiting_and_working():
    origin = placed(ORDER, "100001")
    later = add_event("billing.PaymentAuthorized", ORDER, cause=origin, after_ms=500)
    closed_at = BEGAN + timedelta(milliseconds=580)
    reacted(later, "orders.note", closed_at=closed_at, duration_ms=30)
    [root] = story("100001").events
    [effect] = root.emitted
    assert effect.offset_ms == 500
    assert (effect.reactions[0].waited_ms, effect.reactions[0].worked_ms) == (50, 30)


def test_a_reaction_to_a_scheduled_event_waits_from_when_that_is_due():
    origin = placed(ORDER, "100001", due=timedelta(days=3))
    closed_at = BEGAN + timedelta(days=3, milliseconds=20)
    reacted(origin, "orders.give_up", closed_at=closed_at, duration_ms=5)
    [root] = story("100001").events
    assert root.due == BEGAN + timedelta(days=3)
    assert root.reactions[0].waited_ms == 15


def test_an_open_reaction_waits_until_now():
    reacted(placed(ORDER, "100001"), "billing.authorise", "waiting")
    [root] = story("100001").events
    assert root.reactions[0].waited_ms >= timedelta(minutes=1) // timedelta(milliseconds=1)
    assert root.reactions[0].worked_ms is None


def test_the_tree_is_drawn_with_marks_for_what_became_of_each_reaction():
    other, closed_at = uuid4(), BEGAN + timedelta(milliseconds=80)
    done = {"closed_at": closed_at, "duration_ms": 30, "attempts": 1}
    origin = placed(ORDER, "100001")
    reacted(origin, "billing.authorise", **done)
    reacted(origin, "fraud.screen", "parked", **done | {"attempts": 8, "error": "gone: mad"})
    reacted(origin, "inventory.reserve", "discarded", **done, error="discarded: by hand\nboom")
    paid = add_event(
        "billing.PaymentAuthorized", other, cause=origin, by="authorise", after_ms=1500
    )
    reacted(paid, "analytics", closed_at=paid.occurred_at)
    add_event(
        "orders.ShippingDeadlineReached", ORDER, due=timedelta(days=3), published=False, after_ms=1
    )
    assert draw("100001") == [
        f"Story of order 100001 ({ORDER}), begun 2024-05-04 09:00:00 UTC",
        "events: 3; reactions: 2 done, 1 parked, 1 discarded",
        "",
        "● orders.OrderPlaced +0 ms",
        "├─ ✓ billing.authorise: waited 50 ms, worked 30 ms",
        f"│  └─ ● billing.PaymentAuthorized +1.5 s, about {other}",
        "│     └─ ✓ analytics.?: waited 0 ms",
        "├─ ‖ fraud.screen: parked, waited 50 ms, worked 30 ms, attempt 8, gone: mad",
        "└─ – inventory.reserve: discarded, waited 50 ms, worked 30 ms, discarded: by hand",
        "",
        "○ orders.ShippingDeadlineReached (deadline) +1 ms,"
        " due 2024-05-07 09:00:00 UTC, not yet published",
    ]


def test_a_failed_reaction_shows_its_error_and_when_it_is_tried_again():
    trouble = 'Traceback\n  File "a.py", line 1\n    x()\nValueError: boom\nDETAIL: of no use\n'
    again = BEGAN + timedelta(seconds=4)
    reacted(placed(ORDER, "1"), "fraud.screen", "failed", error=trouble, resend_at=again)
    assert draw("1")[-1].startswith("└─ ✗ fraud.screen: failed, waited ")
    assert draw("1")[-1].endswith(", again 2024-05-04 09:00:04 UTC, ValueError: boom")


def test_colours_are_used_only_where_there_are_any():
    reacted(placed(ORDER, "100001"), "fraud.screen")
    assert "\033[" in "".join(draw("100001", color_style(force_color=True)))
    assert "\033[" not in "".join(draw("100001"))


@pytest.mark.parametrize(
    ("ms", "words"),
    [(0, "0 ms"), (999, "999 ms"), (1500, "1.5 s"), (90_000, "1.5 min"), (172_800_000, "2.0 d")],
)
def test_a_span_of_time_is_spelt_in_its_largest_fitting_unit(ms, words):
    assert format_duration(ms) == words


def test_a_real_order_has_all_its_events_and_reactions_in_the_tree():
    order = place_order(order_details(card=CARD.model_copy(update={"token": "tok_approved"})))
    settle()
    found = list(all_nodes(story(order.number).events))
    assert {n.id for n in found if isinstance(n, StoryEvent)} == {
        e.id for e in OutboxEvent.objects.all()
    }
    assert sum(isinstance(node, Reaction) for node in found) == Delivery.objects.count() > 10


def test_json_has_the_whole_tree():
    origin = placed(ORDER, "100001")
    reacted(origin, "billing.authorise", attempts=2)
    paid = add_event("billing.PaymentAuthorized", ORDER, cause=origin, by="authorise")
    found = json.loads(printed("100001", "--json"))
    assert (found["number"], found["subject"]) == ("100001", str(ORDER))
    [reaction] = found["events"][0]["reactions"]
    assert (reaction["app"], reaction["name"], reaction["attempts"]) == ("billing", "authorise", 2)
    assert reaction["emitted"][0]["id"] == str(paid.id)


def test_the_command_says_first_why_the_order_is_not_done():
    reacted(placed(ORDER, "100001"), "fraud.screen_order", "parked", attempts=8)
    first, second, *_ = printed("100001").splitlines()
    assert first.startswith("Not done: fraud.screen_order has been parked since")
    assert second.startswith("Story of order 100001")
    found = json.loads(printed("100001", "--json"))["standing"]
    assert (found["done"], found["sentence"]) == (False, first)
    assert [reason["kind"] for reason in found["reasons"]] == ["parked"]


def test_the_command_refuses_an_unknown_order_in_one_line():
    with pytest.raises(CommandError, match=r"^no order has the number 100001$"):
        printed("100001")


def printed(*arguments):
    out = StringIO()
    call_command("story", *arguments, stdout=out)
    return out.getvalue()
