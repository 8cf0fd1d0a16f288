"""The picture of a run."""

from xml.etree import ElementTree

from devtools.chaos.timeline import LEFT, RIGHT, SHORTEST, WIDTH, Bar, svg

NAME = "{http://www.w3.org/2000/svg}"
BARS = [Bar("kill", "web", 10, 10), Bar("freeze", "<b>", 20, 60), Bar("kill", "relay", 90, 90)]


def drawn() -> ElementTree.Element:
    return ElementTree.fromstring(svg([1.0, 2.0, 50.0], [40.0, 100.0], BARS, 80.0))


def bars() -> list[ElementTree.Element]:
    return [each for each in drawn().iter(f"{NAME}rect") if each.get("class") == "fault"]


def test_each_fault_is_a_bar_as_long_as_it_lasted_and_never_too_short_to_be_seen():
    second = (WIDTH - LEFT - RIGHT) / 100
    widths = [float(bar.get("width")) for bar in bars()]
    assert widths == [SHORTEST, round(40 * second, 1), SHORTEST]


def test_faults_of_one_kind_share_a_row_and_name_their_target():
    kill, freeze, second = bars()
    assert kill.get("y") == second.get("y") != freeze.get("y")
    assert freeze.find(f"{NAME}title").text == "freeze <b>: 20 to 60 s"


def test_a_curve_rises_by_one_with_each_order():
    placed = next(e for e in drawn().iter(f"{NAME}path") if e.get("class") == "placed")
    assert placed.get("d").count("V") == 3


def test_a_run_without_orders_is_a_picture_too():
    assert ElementTree.fromstring(svg([], [], [], 0.0)) is not None
