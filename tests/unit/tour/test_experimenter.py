"""Whatever an experiment breaks is made good, whoever is killed meanwhile."""

import pytest
from django.utils import timezone

from devtools.tour import proof
from devtools.tour.experimenter import Experimenter
from devtools.tour.experiments import BY_NAME, EXPERIMENTS
from devtools.tour.faults import FAULTS
from devtools.tour.trial import Phase
from tests.unit.tour.conftest import FakePrograms, a_trial

pytestmark = pytest.mark.django_db

#: What is done to programs, and how it is made good.
PAIRS = {
    "stop": ["stop billing", "start billing"],
    "freeze": ["SIGSTOP valkey", "SIGCONT valkey"],
}


@pytest.fixture(autouse=True)
def sound(monkeypatch):
    """An audit that finds nothing: it has tests of its own."""

    def prove(trial):
        trial.lost = trial.doubled = 0

    monkeypatch.setattr(proof, "prove", prove)


def carry_out(trial, store, programs=None):
    programs = programs or FakePrograms()
    store.begin(trial)
    Experimenter(trial, store, programs).run()
    return programs


def test_each_experiment_of_the_page_can_be_done():
    assert FAULTS.keys() == BY_NAME.keys() == {each.name for each in EXPERIMENTS}


@pytest.mark.parametrize("experiment", PAIRS)
def test_what_was_broken_is_made_good_when_its_time_is_over(experiment, store):
    trial = a_trial(experiment)
    assert carry_out(trial, store).done == PAIRS[experiment]
    assert (trial.mended_at - trial.broken_at).total_seconds() >= trial.seconds
    assert store.last(experiment).holds


def test_it_is_made_good_sooner_when_somebody_asks_for_it(store):
    trial = a_trial(seconds=60)
    begin, store.begin = store.begin, lambda trial: (begin(trial), store.end_sooner())
    carry_out(trial, store)
    assert trial.mended_at < trial.until


@pytest.mark.parametrize("experiment", PAIRS)
def test_what_a_killed_experimenter_broke_is_made_good_by_the_next(experiment, store):
    now = timezone.now()
    trial = a_trial(experiment, phase=Phase.BROKEN, broken_at=now, until=now, seconds=60)
    assert carry_out(trial, store).done == PAIRS[experiment][1:]
    assert "was killed" in store.last(experiment).did


def test_an_experiment_that_goes_wrong_is_made_good_and_says_so(store):
    class Broken(FakePrograms):
        def stop(self, app):
            super().stop(app)
            raise TimeoutError(f"the end of {app}")

    trial = a_trial()
    assert carry_out(trial, store, Broken()).done == PAIRS["stop"]
    assert store.last("stop").trouble == ["the end of billing"]
    assert not store.last("stop").holds


def test_one_that_is_told_to_end_makes_good_what_it_broke_and_claims_nothing(store):
    class Ending(FakePrograms):
        def stop(self, app):
            super().stop(app)
            raise SystemExit(0)

    programs = Ending()
    with pytest.raises(SystemExit):
        carry_out(a_trial(), store, programs)
    assert programs.done == PAIRS["stop"]
    assert store.last("stop") is None
