"""Where things stand on the map: nothing over another, every line once, the same each time."""

import re
from itertools import combinations, pairwise

import pytest

from eventbus import registry
from eventbus.console.map.choreography import choreography
from eventbus.console.map.layout import lay_out
from eventbus.registry import app_label

pytestmark = pytest.mark.django_db

#: Two that answer each other, one that only hears, and one that nobody hears.
EVENTS = {"a": ["a.Rang", "a.Fell"], "b": ["b.Answered"], "d": ["d.Slept"]}
REACTORS = {"a.Rang": ["b", "c"], "a.Fell": ["a", "c"], "b.Answered": ["a"]}
LEVELS = {"a": 0.0, "b": 1.0, "c": 2.0, "d": 0.0}


def of_shop():
    found = choreography()
    reactors = {}
    for arrow in found.arrows:
        reactors.setdefault(arrow.event_type, set()).add(arrow.app)
    return lay_out(found.events, reactors, {})


def of_few():
    return lay_out(EVENTS, REACTORS, LEVELS)


def of_many():
    """Every app of thirty reacts to the event of each third."""
    apps = [f"app{number:02}" for number in range(30)]
    events = {app: [f"{app}.Happened", f"{app}.Ended"] for app in apps}
    reactors = {f"{app}.Happened": apps[number % 3 :: 3] for number, app in enumerate(apps)}
    return lay_out(events, reactors, {app: float(number) for number, app in enumerate(apps)})


@pytest.fixture(params=[of_few, of_shop, of_many])
def layout(request):
    return request.param()


def points(line):
    """Return where a line is level: its ends, and between the boxes of a column."""
    text = re.sub(r"H([\d.-]+)", r"H\1", line.path)
    x, y = map(float, re.match(r"M([\d.-]+) ([\d.-]+)", text).groups())
    found = [(x, y)]
    for step in re.findall(r"[CH][^CH]+", text):
        numbers = [float(number) for number in re.findall(r"-?[\d.]+", step)]
        x, y = (numbers[-1], y) if step[0] == "H" else (numbers[-2], numbers[-1])
        found.append((x, y))
    return found


def test_no_box_is_over_another(layout):
    for one, other in combinations(layout.boxes, 2):
        beside = one.right < other.x or other.right < one.x
        below = one.y + one.height < other.y or other.y + other.height < one.y
        assert beside or below, (one.app, other.app)


def test_every_box_and_line_is_in_the_picture(layout):
    for box in layout.boxes:
        assert box.x > 0
        assert box.y > 0
        assert box.right < layout.width
        assert box.y + box.height < layout.height
    for line in layout.lines:
        assert all(0 < x < layout.width and 0 < y < layout.height for x, y in points(line))


def test_no_straight_part_of_a_line_is_behind_a_box(layout):
    for line in layout.lines:
        for (left, y), (right, next_y) in pairwise(points(line)):
            if y == next_y and len(points(line)) > 2:
                low, high = sorted((left, right))
                assert not [
                    box.app
                    for box in layout.boxes
                    if box.y < y < box.y + box.height and low < box.x and box.right < high
                ]


def test_every_event_has_one_row_in_its_apps_box():
    rows = [row.type for box in of_shop().boxes for row in box.rows]
    assert sorted(rows) == registry.event_types()
    for box in of_shop().boxes:
        assert {app_label(row.type) for row in box.rows} <= {box.app}
        assert all(box.y < row.y < box.y + box.height for row in box.rows)


def test_every_event_has_one_line_to_each_other_app_that_reacts():
    found = [(line.type, line.app) for line in of_shop().lines]
    wanted = {
        (type, reaction.app)
        for type, reaction in registry.all_reactions()
        if reaction.app != app_label(type)
    }
    assert (len(found), set(found)) == (len(wanted), wanted)


def test_a_line_leads_from_its_row_to_the_head_of_the_app_that_reacts(layout):
    boxes = {box.app: box for box in layout.boxes}
    for line in layout.lines:
        source, target = boxes[app_label(line.type)], boxes[line.app]
        row = next(row for row in source.rows if row.type == line.type)
        assert line.begin[1] == row.y
        assert line.begin[0] in (source.x, source.right)
        assert line.end[1] == target.head
        assert points(line)[0] == pytest.approx(line.begin, abs=0.06)
        assert points(line)[-1] == pytest.approx(line.end, abs=0.06)


def test_what_begins_is_left_of_what_comes_of_it():
    at = {box.app: box.x for box in of_few().boxes}
    assert at["a"] < at["b"] <= at["c"]


def test_the_same_code_has_the_same_picture_in_whatever_order_it_is_read():
    backwards = lay_out(dict(reversed(EVENTS.items())), dict(reversed(REACTORS.items())), LEVELS)
    assert {box.app: (box.x, box.y) for box in backwards.boxes} == {
        box.app: (box.x, box.y) for box in of_few().boxes
    }
    assert set(backwards.lines) == set(of_few().lines)


def test_without_apps_there_is_an_empty_picture():
    layout = lay_out({}, {}, {})
    assert (layout.boxes, layout.lines) == ((), ())
