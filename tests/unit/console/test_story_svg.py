"""The picture of a story shows everything in it, none over another, and no empty time."""

from datetime import datetime, timedelta
from itertools import combinations
from uuid import uuid4

import pytest
from django.template.loader import render_to_string

from eventbus.console.story_nodes import Reaction, Story, StoryEvent
from eventbus.console.story_svg import Window, render_story
from eventbus.console.story_svg.axis import CUT, Axis, LinearAxis
from eventbus.console.story_svg.shapes import LETTER, ROW
from tests.unit.console.history import BEGAN

DAYS = timedelta(days=3)


def reaction(name: str, waited: int = 10, worked: int | None = 5, **facts) -> Reaction:
    app, _, name = name.partition(".")
    usual = {"state": "done", "attempts": 1, "resend_at": None, "error": "", "emitted": []}
    usual |= {"since": BEGAN, "is_held": False}
    usual["delivery"] = 1
    return Reaction(app=app, name=name, waited_ms=waited, worked_ms=worked, **usual | facts)


def event(type: str, *reactions: Reaction, at: int = 0, due: datetime | None = None) -> StoryEvent:
    occurred_at = BEGAN + timedelta(milliseconds=at)
    return StoryEvent(uuid4(), type, "s", occurred_at, at, due, True, list(reactions))


def story_of(*events: StoryEvent) -> Story:
    return Story("s", "100001", BEGAN, list(events))


@pytest.fixture
def busy() -> Story:
    paid = event("billing.OrderBilled", reaction("shipping.ship", worked=None), at=40)
    many = [reaction(f"shipping.step_{n}", waited=n) for n in range(12)]
    first = event("orders.OrderPlaced", reaction("billing.charge", emitted=[paid]), *many)
    return story_of(
        first, event("orders.ShippingDeadlineReached", reaction("orders.give_up"), due=BEGAN + DAYS)
    )


def test_everything_is_there_in_the_lane_of_its_app(busy):
    drawn = render_story(busy)
    assert [lane.app for lane in drawn.lanes] == ["orders", "billing", "shipping"]
    assert (len(drawn.dots), len(drawn.bars), len(drawn.lines)) == (3, 15, 15)
    lanes = {lane.app: lane for lane in drawn.lanes}
    for bar in drawn.bars:
        lane = lanes[bar.title.partition(".")[0]]
        assert lane.top < bar.y < lane.top + lane.height


def test_nothing_is_drawn_over_another(busy):
    drawn = render_story(busy)
    places = [(b.x, b.label_x + LETTER * len(b.label), b.y) for b in drawn.bars]
    places += [(d.x, d.label_x + LETTER * len(d.label), d.y) for d in drawn.dots]
    for (x, end, y), (other_x, other_end, other_y) in combinations(places, 2):
        assert abs(y - other_y) >= ROW or end <= other_x or other_end <= x


def test_time_without_news_is_cut_out():
    axis = Axis([0, 10, 20, 30, 10_000], 0, 200 + CUT)
    assert [cut.label for cut in axis.cuts()] == ["10.0 s"]
    assert axis.x(30) == 200
    assert axis.x(10_000) == 200 + CUT


def test_what_is_left_is_to_scale():
    axis = Axis([0, 10, 20, 30], 100, 400)
    assert [axis.x(ms) for ms in (-5, 0, 10, 15, 30, 99)] == [100, 100, 200, 250, 400, 400]


@pytest.mark.parametrize("moments", [[], [7], [7, 7]])
def test_a_single_moment_is_a_picture_too(moments):
    assert Axis(moments, 100, 400).x(7) == 100


def test_a_window_shows_what_touches_it(busy):
    drawn = render_story(busy, Window(35, 60))
    assert [dot.label for dot in drawn.dots] == ["OrderBilled"]
    assert [bar.label for bar in drawn.bars] == ["✓ ship"]
    assert drawn.whole.end > DAYS / timedelta(milliseconds=1)


def test_closer_looks_cover_the_whole():
    parts = Window(0, 1000).parts()
    assert [(part.begin, part.end) for part in parts] == [(0, 500), (250, 750), (500, 1000)]
    assert Window(0, 3).parts() == []


def test_texts_of_a_story_are_texts_in_its_picture():
    error = "ValueError: <script>alert(1)</script>"
    story = story_of(
        event("orders.OrderPlaced", reaction("billing.pay", state="parked", error=error))
    )
    drawn = render_to_string("console/story.svg", {"picture": render_story(story), "story": story})
    assert "<script>" not in drawn
    assert "&lt;script&gt;" in drawn


def test_on_a_linear_axis_a_moment_is_where_its_time_is():
    axis = LinearAxis(0, 10_000, 100, 1100)
    assert [axis.x(ms) for ms in (0, 2500, 10_000)] == [100, 350, 1100]
    assert list(axis.cuts()) == []


@pytest.mark.parametrize(
    ("begin", "end", "labels"),
    [
        (0, 10_000, ["+0 ms", "+2.0 s", "+4.0 s", "+6.0 s", "+8.0 s", "+10.0 s"]),
        (130, 170, ["+130 ms", "+135 ms", "+140 ms", "+145 ms"]),
    ],
)
def test_a_linear_axis_is_written_at_at_round_times(begin, end, labels):
    ticks = [tick.label for tick in LinearAxis(begin, end, 0, 1000).ticks()]
    assert ticks[: len(labels)] == labels


def test_a_linear_axis_of_no_time_is_a_picture_too():
    assert [tick.x for tick in LinearAxis(0, 0, 100, 400).ticks()] == [100]


def test_a_linear_picture_leads_to_the_parts_in_which_anything_happened(busy):
    drawn = render_story(busy, is_linear=True)
    assert drawn.cuts == []
    parts = [(part.begin, part.end) for part in drawn.parts]
    assert parts[0][0] == 0
    assert parts[0][1] < DAYS / timedelta(milliseconds=1)
    assert render_story(busy, drawn.parts[0], is_linear=True).dots


def test_what_was_slow_is_marked_and_what_is_usual_told():
    slow = reaction("billing.charge", waited=2000, usual_ms=40, is_slow=True)
    [bar] = render_story(story_of(event("orders.OrderPlaced", slow))).bars
    assert bar.label.endswith(" slow")
    assert "usual 40 ms" in bar.title
