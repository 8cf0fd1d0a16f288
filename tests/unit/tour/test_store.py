"""Trials are kept in files: one is under way at a time."""

import pytest

from devtools.tour.store import UnderWay
from tests.unit.tour.conftest import a_trial


def test_a_trial_comes_back_as_it_was_kept(store):
    trial = a_trial(did="Something.")
    store.begin(trial)
    assert store.running() == trial


def test_a_second_one_is_refused_while_one_is_under_way(store):
    first = a_trial()
    store.begin(first)
    with pytest.raises(UnderWay, match="one at a time"):
        store.begin(a_trial("freeze"))
    assert store.running() == first


def test_what_is_over_is_the_last_of_its_experiment_and_makes_room_for_another(store):
    trial = a_trial()
    store.begin(trial)
    store.end_sooner()
    store.finish(trial)
    assert (store.running(), store.last("stop"), store.last("freeze")) == (None, trial, None)
    store.begin(a_trial("freeze"))
    assert not store.is_to_end


def test_only_one_that_is_under_way_can_be_ended(store):
    store.end_sooner()
    store.begin(a_trial())
    assert not store.is_to_end
    store.end_sooner()
    assert store.is_to_end
