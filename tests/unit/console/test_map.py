"""The map: drawn from the code, with what is going on, and what is odd about it."""

import re
from datetime import timedelta
from itertools import pairwise
from uuid import uuid4
from xml.etree import ElementTree

import pytest
from django.urls import reverse
from django.utils import timezone

from eventbus import registry
from eventbus.console.map.checks import cycles, effects, never_compensated, never_emitted, outlets
from eventbus.console.map.choreography import FAILED, FLOWING, QUIET, WAITS, choreography
from eventbus.console.map.drawing import draw
from eventbus.console.map.follow import follow, levels
from eventbus.delivery.models import Delivery
from eventbus.delivery.pause import pause
from eventbus.operations.models import ThroughputMinute
from eventbus.operations.throughput import BUCKETS
from orders.events import OrderPlaced
from tests.unit.console.history import add_event, reacted

pytestmark = pytest.mark.django_db


def arrow(type, app, reaction):
    found = choreography().arrows
    return next(a for a in found if (a.event_type, a.app, a.reaction) == (type, app, reaction))


def some_reaction():
    return next(
        (type, reaction.app, reaction.name)
        for type, reaction in registry.all_reactions()
        if type == "orders.OrderPlaced" and reaction.app == "billing"
    )


def line_of(key):
    lines = draw(choreography()).lines
    return next(line for line in lines if (line.at.type, line.at.app) == key[:2])


def test_every_reaction_in_the_code_has_an_arrow():
    found = {(a.event_type, a.app, a.reaction) for a in choreography().arrows}
    assert found == {(type, r.app, r.name) for type, r in registry.all_reactions()}


def test_who_reacts_to_everything_is_named_and_drawn_if_wanted(operator):
    found = choreography()
    assert found.observers == ["analytics"]
    few = choreography(observers=False)
    assert "analytics" not in {arrow.app for arrow in few.arrows}
    assert choreography("analytics", observers=False).arrows
    page, wanted = (operator.get(reverse("console:map"), asked) for asked in ({}, {"observers": 1}))
    assert "analytics" not in {box.at.app for box in page.context["drawing"].boxes}
    assert "analytics" in {box.at.app for box in wanted.context["drawing"].boxes}


def test_deadlines_and_tasks_are_drawn_if_wanted(operator):
    def kinds(**wanted):
        drawing = operator.get(reverse("console:map"), wanted).context["drawing"]
        return {row.kind for box in drawing.boxes for row in box.rows}

    assert kinds() == {"event"}
    assert kinds(own="1") == {"event", "deadline", "task"}


def test_one_app_can_be_looked_at_with_what_it_emits_and_hears(operator):
    found = choreography("fraud")
    assert {a.app for a in found.arrows if not a.event_type.startswith("fraud.")} == {"fraud"}
    assert any(type.startswith("fraud.") for types in found.events.values() for type in types)
    page = operator.get(reverse("console:map"), {"app": "fraud"})
    assert "Map of events: fraud" in page.content.decode()
    for line in page.context["drawing"].lines:
        assert "fraud" in (line.source, line.at.app)


@pytest.mark.parametrize("parameter", ["app", "follow"])
def test_what_there_is_not_is_told_and_all_is_shown(operator, parameter):
    page = operator.get(reverse("console:map"), {parameter: "<x>"})
    assert f"{parameter}: " in page.content.decode()
    assert "&lt;x&gt;" in page.content.decode()
    assert len(page.context["drawing"].boxes) > 5


def test_an_arrow_has_its_rate_and_when_it_was_last_seen():
    key = some_reaction()
    now = timezone.now().replace(second=0, microsecond=0) - timedelta(minutes=1)
    latency_histogram = [10] + [0] * len(BUCKETS)
    ThroughputMinute.objects.create(
        minute=now,
        app=key[1],
        reaction=key[2],
        event_type=key[0],
        done=10,
        attempts=12,
        latency_histogram=latency_histogram,
    )
    found = arrow(*key)
    assert (found.per_minute, found.failures, found.last) == (2.0, 2, now)
    assert line_of(key).state == FLOWING
    assert line_of(key).width > line_of(("orders.OrderCancelled", "billing")).width


def test_an_arrow_shows_what_waits_and_what_failed():
    key = some_reaction()
    assert line_of(key).state == QUIET
    reacted(add_event(key[0], uuid4()), f"{key[1]}.{key[2]}", "waiting")
    assert line_of(key).state == QUIET
    Delivery.objects.update(waiting_since=timezone.now() - timedelta(minutes=1))
    assert line_of(key).state == WAITS
    assert arrow(*key).oldest == Delivery.objects.get(state="waiting").waiting_since
    reacted(add_event(key[0], uuid4()), f"{key[1]}.{key[2]}", "parked")
    assert line_of(key).state == FAILED


def test_what_waits_and_fails_is_told_of_its_own_event_alone():
    reacting = "notifications.note_language"
    event = add_event("shop.UserRegistered", uuid4())
    reacted(event, reacting, "waiting", waiting_since=event.occurred_at)
    reacted(event, "loyalty.open_account", "parked")
    assert line_of(("shop.UserRegistered", "notifications")).state == WAITS
    assert line_of(("shop.ProfileChanged", "notifications")).state == QUIET
    assert line_of(("shop.UserRegistered", "loyalty")).state == FAILED
    assert line_of(("orders.OrderPlaced", "loyalty")).state == QUIET


def test_what_is_in_trouble_is_told_without_colours_and_drawn_above_the_rest():
    key = some_reaction()
    reacted(add_event(key[0], uuid4()), f"{key[1]}.{key[2]}", "parked")
    drawing = draw(choreography())
    last = drawing.lines[-1]
    assert (last.state, last.dashes) == (FAILED, "2 3")
    rows = {row.at.type: row for box in drawing.boxes for row in box.rows}
    assert (rows[key[0]].sign, rows["orders.OrderHeld"].sign) == ("!", "")


def test_an_app_that_reacts_to_its_own_event_is_marked_there():
    rows = {row.at.type: row for box in draw(choreography()).boxes for row in box.rows}
    assert rows["shop.ItemAdded"].is_own
    assert not rows["orders.OrderPlaced"].is_own


def test_an_app_that_does_not_work_says_so(operator):
    pause("billing", by="olga", reason="looking")
    page = operator.get(reverse("console:map"))
    notes = {box.at.app: box.note for box in page.context["drawing"].boxes}
    assert (notes["billing"], notes["shipping"]) == ("paused", "no worker")


def test_the_list_says_what_a_reaction_may_emit(operator):
    found = arrow("shipping.ReturnArrived", "orders", "receive_return")
    assert found.emits == ("orders.ReturnReceived",)
    page = operator.get(reverse("console:map"), {"app": "orders"}).content.decode()
    assert "<td>ReturnReceived</td>" in page


def test_what_causes_what_is_what_the_reactions_declare():
    assert effects()["shipping.ReturnArrived"] == {"orders.ReturnReceived"}


#: The cycles of this shop, and why each ends.
CYCLES = [
    # An order is cancelled once; one that is cancelled fails no more.
    [
        "billing.PaymentFailed",
        "orders.CancellationRequested",
        "orders.OrderCancelled",
        "orders.PaymentDeadlineReached",
        "shipping.ShipmentStopped",
    ],
    # The last page of the processor's books is followed by none.
    ["billing.ReconcilePayments"],
    # After six looks the order is refused.
    ["inventory.StockCheckDue"],
    # Until the carrier knows of the end, with growing waits.
    ["shipping.ReturnTrackingDue"],
    ["shipping.TrackingDue"],
    # Until a receiver has taken all, or each has run out of attempts, with growing waits.
    ["webhooks.SendingDue"],
]


def test_every_cycle_is_known_to_end():
    assert cycles(effects()) == CYCLES


def test_everything_is_emitted_by_somebody():
    assert not [type for type in never_emitted() if not type.startswith("tests.")]


@pytest.mark.parametrize(
    ("graph", "found"),
    [
        ({}, []),
        ({"a": {"b"}, "b": {"c"}}, []),
        ({"a": {"a"}}, [["a"]]),
        ({"a": {"b"}, "b": {"a"}, "c": {"d"}, "d": {"c"}}, [["a", "b"], ["c", "d"]]),
        ({"a": {"b"}, "b": {"c"}, "c": {"a"}}, [["a", "b", "c"]]),
    ],
)
def test_each_cycle_is_found_once(graph, found):
    assert cycles(graph) == found


def test_who_acts_on_a_fact_and_does_not_hear_that_it_is_undone_is_named():
    found = never_compensated(["analytics"])
    acting = {r.app for r in registry.reactions_to(OrderPlaced.type)}
    hearing = {r.app for r in registry.reactions_to("orders.OrderCancelled")}
    named = {app for type, app, _ in found if type == OrderPlaced.type}
    assert named == acting - hearing - {"analytics", "orders"}


def test_every_fact_is_undone_by_one_there_is():
    names = {registry.event_class(type).compensated_by for type in registry.event_types()} - {""}
    assert OrderPlaced.compensated_by == "orders.OrderCancelled"
    assert names <= set(registry.event_types())


def test_events_nobody_reacts_to_are_named(operator):
    page = operator.get(reverse("console:map")).content.decode()
    for type in choreography().orphans:
        assert re.search(rf"Nobody reacts to <strong>{type}</strong>", page)


def test_what_can_come_of_an_event_is_followed_to_each_end_by_the_shortest_way():
    followed = follow("shipping.ReturnArrived")
    graph = effects()
    assert followed.types[:2] == ("shipping.ReturnArrived", "orders.ReturnReceived")
    assert "orders.OrderPlaced" not in followed.types
    ends = [way[-1].type for way in followed.ways]
    assert set(ends) == {
        type
        for type in followed.types
        if all(app_in(each, outlets()) for each in graph.get(type, ()))
    }
    assert len(ends) == len(set(ends))


def app_in(type, apps):
    return registry.app_label(type) in apps


def test_what_only_mails_or_bridges_make_of_an_event_is_no_further_event():
    assert {"analytics", "notifications", "pricing", "webhooks"} <= outlets()
    assert outlets().isdisjoint({"billing", "fraud", "inventory", "orders", "shipping", "shop"})
    types = follow("orders.OrderPlaced").types
    assert not [type for type in types if app_in(type, outlets())]
    assert "notifications.SendBackInStockAlert" in effects()["inventory.InventoryUpdated"]


def test_an_order_may_end_completed():
    ends = {way[-1].type for way in follow("orders.OrderPlaced").ways}
    assert "orders.OrderCompleted" in ends


def test_each_step_of_a_way_names_the_reactions_that_lead_to_the_next():
    for way in follow("orders.OrderPlaced").ways:
        assert way[0].type == "orders.OrderPlaced"
        for here, ahead in pairwise(way):
            named = {
                f"{r.app}.{r.name}"
                for r in registry.reactions_to(here.type)
                if ahead.type in r.emitted_types
            }
            assert set(here.reactions) == named != set()
        assert way[-1].reactions == ()


def test_the_map_shows_what_can_come_of_an_event_alone(operator):
    page = operator.get(reverse("console:map"), {"follow": "shipping.ReturnArrived"})
    types = {row.at.type for box in page.context["drawing"].boxes for row in box.rows}
    assert types == set(follow("shipping.ReturnArrived").types)
    assert "Where it may end" in page.content.decode()
    assert {type for type, *_ in page.context["never_compensated"]} <= types


def test_apps_where_things_begin_are_before_those_that_only_react():
    found = levels()
    assert found["catalogue"] == 0 < found["orders"] < found["shipping"] < found["pricing"]


def test_the_picture_can_be_taken_away_and_stands_alone(operator):
    answer = operator.get(reverse("console:map_svg"), {"app": "fraud"})
    assert answer["Content-Type"] == "image/svg+xml"
    assert "attachment" in answer["Content-Disposition"]
    text = answer.content.decode()
    root = ElementTree.fromstring(text)
    assert root.get("width")
    assert "var(" not in text
    assert "href" not in text
    assert "OrderFlagged" in text


def test_the_apps_can_be_taken_away_for_markdown(operator):
    answer = operator.get(reverse("console:map_mermaid"))
    assert answer.content.decode().startswith("flowchart LR")
