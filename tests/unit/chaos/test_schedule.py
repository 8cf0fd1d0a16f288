"""A run can be repeated: its seed decides what happens when."""

from collections import Counter

import pytest

from devtools.chaos.faults import FAULTS
from devtools.chaos.load import RATE
from devtools.chaos.schedule import CALM, EVERY, LONGEST, schedule
from devtools.chaos.shopper import Shopper
from shop.settings import REACTING_APPS

#: Seconds, as long as a run of 2,000 orders, one of 300, and one that tests have the time for.
LONG, STORM, SHORT = 60.0 * 2000 / RATE, 60.0 * 300 / RATE, 30.0


def test_the_same_seed_gives_the_same_schedule_and_another_gives_another():
    assert schedule(1, LONG) == schedule(1, LONG)
    assert schedule(1, LONG) != schedule(2, LONG)


def test_the_same_seed_gives_the_same_shoppers():
    assert [Shopper.of(1, n) for n in range(50)] == [Shopper.of(1, n) for n in range(50)]
    assert Shopper.of(1, 0).key != Shopper.of(2, 0).key


@pytest.mark.parametrize("seed", range(len(REACTING_APPS)))
def test_2000_orders_meet_every_fault_with_every_target_that_is_not_off(seed):
    events = schedule(seed, LONG)
    (off,) = {event.target for event in events if event.fault.lasts}
    struck = {(event.fault.name, event.target) for event in events}
    wanted = {
        (fault.name, target)
        for fault in FAULTS.values()
        for target in fault.targets
        if not fault.lasts and not (fault.needs_running and target == off)
    }
    assert struck - {("app-off", off)} == wanted


def test_no_fault_is_wasted_on_an_app_that_is_off():
    for seed in range(len(REACTING_APPS)):
        events = schedule(seed, 2 * LONG)
        (off,) = {event.target for event in events if event.fault.lasts}
        assert not [e for e in events if e.fault.needs_running and e.target == off]


def test_successive_seeds_have_each_app_off_once():
    off = [schedule(seed, SHORT, ["app-off"])[0].target for seed in range(len(REACTING_APPS))]
    assert sorted(off) == sorted(REACTING_APPS)


def test_a_short_storm_is_as_dense_as_a_long_one():
    short, long = (
        sum(not event.fault.lasts for event in schedule(1, seconds)) / seconds
        for seconds in (STORM, LONG)
    )
    assert abs(short - long) * STORM < 1
    assert long >= (1 - 2 * CALM) / EVERY


def test_a_fault_comes_with_another_target_only_when_every_fault_has_come():
    faults = sum(not fault.lasts for fault in FAULTS.values())
    seconds = EVERY * (faults - 2) / (1 - 2 * CALM)
    times = Counter(s.fault.name for s in schedule(1, seconds) if not s.fault.lasts)
    assert set(times.values()) == {1}


def test_what_lasts_strikes_at_the_start_and_for_the_whole_run():
    lasting = [event for event in schedule(1, SHORT) if event.fault.lasts]
    assert [(s.fault.name, s.at, s.seconds) for s in lasting] == [("app-off", 0.0, SHORT)]


def test_everything_else_strikes_within_the_run_and_is_over_in_a_part_of_it_or_when_it_can_be():
    for seconds in (SHORT, STORM, LONG, 3600.0):
        for event in schedule(1, seconds):
            assert 0 <= event.at <= seconds
            if not event.fault.lasts:
                assert event.seconds <= max(event.fault.at_least, min(LONGEST, seconds / 5))


def test_only_what_is_asked_for_strikes():
    assert {s.fault.name for s in schedule(1, LONG, ["poison"])} == {"poison"}
