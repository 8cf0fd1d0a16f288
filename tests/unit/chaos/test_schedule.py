"""A run can be repeated: its seed decides what happens when."""

from collections import Counter

from devtools.chaos.faults import FAULTS
from devtools.chaos.load import RATE
from devtools.chaos.schedule import CALM, EVERY, LONGEST, schedule
from devtools.chaos.shopper import Shopper

#: Seconds, as long as a run of 3,000 orders, and as one that tests have the time for.
LONG, SHORT = 60.0 * 3000 / RATE, 30.0


def test_the_same_seed_gives_the_same_schedule_and_another_gives_another():
    assert schedule(1, LONG) == schedule(1, LONG)
    assert schedule(1, LONG) != schedule(2, LONG)


def test_the_same_seed_gives_the_same_shoppers():
    assert [Shopper.of(1, n) for n in range(50)] == [Shopper.of(1, n) for n in range(50)]
    assert Shopper.of(1, 0).key != Shopper.of(2, 0).key


def test_a_long_run_has_every_fault_with_every_target():
    struck = {(event.fault.name, event.target) for event in schedule(3, LONG)}
    wanted = {(f.name, t) for f in FAULTS.values() if not f.lasts for t in f.targets}
    assert wanted <= struck


def test_a_fault_comes_with_another_target_only_when_every_fault_has_come():
    faults = sum(not fault.lasts for fault in FAULTS.values())
    seconds = EVERY * (faults - 1) / (1 - 2 * CALM)
    times = Counter(s.fault.name for s in schedule(1, seconds) if not s.fault.lasts)
    assert set(times.values()) == {1}


def test_what_lasts_strikes_at_the_start_and_for_the_whole_run():
    lasting = [event for event in schedule(1, SHORT) if event.fault.lasts]
    assert [(s.fault.name, s.at, s.seconds) for s in lasting] == [("app-off", 0.0, SHORT)]


def test_everything_else_strikes_within_the_run_and_is_over_in_a_part_of_it_or_when_it_can_be():
    for seconds in (SHORT, LONG, 3600.0):
        for event in schedule(1, seconds):
            assert 0 <= event.at <= seconds
            if not event.fault.lasts:
                assert event.seconds <= max(event.fault.at_least, min(LONGEST, seconds / 5))


def test_only_what_is_asked_for_strikes():
    assert {s.fault.name for s in schedule(1, LONG, ["poison"])} == {"poison"}
