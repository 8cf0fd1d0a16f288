"""The map: drawn from the code, with what is going on, and what is odd about it."""

import re
from datetime import timedelta
from itertools import pairwise
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from eventbus import registry
from eventbus.console.choreography import choreography
from eventbus.console.choreography_checks import cycles, effects, never_compensated, never_emitted
from eventbus.console.map_svg import BAD, BUSY, LATE, QUIET, render_map
from eventbus.delivery.models import Delivery
from eventbus.operations.models import ThroughputMinute
from eventbus.operations.throughput import BUCKETS
from orders.events import OrderPlaced
from tests.unit.console.history import add_event, reacted
from tests.unit.console.test_failed import trouble

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


def colour_of(key):
    title = f"{registry.app_label(key[0])} to {key[1]}:"
    return next(a.colour for a in render_map(choreography()).arcs if a.title.startswith(title))


def test_every_reaction_in_the_code_has_an_arrow():
    found = {(a.event_type, a.app, a.reaction) for a in choreography().arrows}
    assert found == {(type, r.app, r.name) for type, r in registry.all_reactions()}


def test_who_reacts_to_everything_is_named_and_not_drawn():
    found = choreography()
    assert found.observers == ["analytics"]
    shown = render_map(found)
    assert not [arc for arc in shown.arcs if "analytics" in arc.title]
    assert "analytics" not in {node.app for node in shown.nodes}


def test_one_app_can_be_looked_at_with_what_it_emits_and_hears(operator):
    found = choreography("fraud")
    assert {a.app for a in found.arrows if not a.event_type.startswith("fraud.")} == {"fraud"}
    assert any(type.startswith("fraud.") for types in found.events.values() for type in types)
    page = operator.get(reverse("console:map"), {"app": "fraud"}).content.decode()
    assert "Who emits what, and who reacts: fraud" in page


def test_an_app_that_is_none_shows_all(operator):
    page = operator.get(reverse("console:map"), {"app": "'x"})
    assert page.context["app"] == ""


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
    assert colour_of(key) == BUSY


def test_an_arrow_shows_what_waits_and_what_failed():
    key = some_reaction()
    assert colour_of(key) == QUIET
    reacted(add_event(key[0], uuid4()), f"{key[1]}.{key[2]}", "waiting")
    assert colour_of(key) == LATE
    trouble(f"{key[1]}.{key[2]}")
    assert colour_of(key) == BAD
    assert arrow(*key).oldest == Delivery.objects.get(state="waiting").waiting_since


def test_no_app_is_drawn_over_another_or_over_the_edge():
    found = render_map(choreography())
    places = sorted(node.y for node in found.nodes)
    assert all(below - above >= found.node_height for above, below in pairwise(places))
    assert places[0] >= found.node_height / 2
    assert places[-1] <= found.height - found.node_height / 2
    assert found.node_left > 0


def test_every_arc_stays_in_the_picture():
    found = render_map(choreography())
    for arc in found.arcs:
        begin, control = (float(x) for x in re.findall(r"[MC]([\d.-]+)", arc.path))
        assert 0 < begin + 0.75 * (control - begin) < found.width


def test_an_app_has_one_node_and_one_arc_to_each_app_that_reacts_to_its_events():
    found = render_map(choreography())
    links = {arc.title.partition(":")[0] for arc in found.arcs}
    reacting = {
        f"{registry.app_label(type)} to {reaction.app}"
        for type, reaction in registry.all_reactions()
        if reaction.app not in (registry.app_label(type), "analytics")
    }
    assert (len(links), links) == (len(found.arcs), reacting)
    assert len({node.app for node in found.nodes}) == len(found.nodes)


def test_an_apps_frame_shows_its_reactions_to_its_own_events():
    own = next(
        a for a in choreography().arrows if a.app == "orders" == registry.app_label(a.event_type)
    )
    reacted(add_event(own.event_type, uuid4()), f"orders.{own.reaction}", "waiting")
    nodes = {node.app: node.colour for node in render_map(choreography()).nodes}
    assert (nodes["orders"], nodes["fraud"]) == (LATE, QUIET)


def test_the_list_says_what_a_reaction_may_emit(operator):
    found = arrow("shipping.ReturnArrived", "orders", "receive_return")
    assert found.emits == ("orders.ReturnReceived",)
    page = operator.get(reverse("console:map"), {"app": "orders"}).content.decode()
    assert "may emit ReturnReceived" in page


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
