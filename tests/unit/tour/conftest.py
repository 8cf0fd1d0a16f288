"""A page of the tour without programs that really run."""

from pathlib import Path

import pytest
from django.utils import timezone
from supervisor.states import ProcessStates

from devtools import tour
from devtools.embedded import make_run_folder
from devtools.run.supervisor import Program
from devtools.tour.programs import NotThere, Programs
from devtools.tour.store import Store
from devtools.tour.trial import Trial
from tests.unit.console.conftest import clerk, operator, person

__all__ = ["clerk", "operator", "person"]


class FakePrograms(Programs):
    """Programs that are names in a set, and what was done to them in order."""

    def __init__(self) -> None:
        self.up, self.done, self.answers = {"valkey", "billing", "shipping", "web"}, [], True

    def running(self):
        if not self.answers:
            raise NotThere("the process manager does not answer")
        return {name: Program(name, "apps", 1, ProcessStates.RUNNING) for name in self.up}

    def start_experimenter(self):
        self.running()
        self.done.append("experimenter")

    def stop(self, app):
        self.up.remove(app)
        self.done.append(f"stop {app}")

    def start(self, app):
        self.up.add(app)
        self.done.append(f"start {app}")

    def signal(self, name, number):
        self.done.append(f"{number.name} {name}")


@pytest.fixture
def programs(monkeypatch):
    fake = FakePrograms()
    monkeypatch.setattr("devtools.tour.views.Programs", lambda: fake)
    return fake


@pytest.fixture
def store(tmp_path, settings):
    """The store of a run folder of its own, which the page reads too."""
    settings.STATE = tmp_path
    make_run_folder(tmp_path)
    return Store(tmp_path)


@pytest.fixture
def with_tour(settings):
    """The addresses and templates of a shop with the tour."""
    settings.ROOT_URLCONF = "devtools.tour.root_urls"
    folder = Path(tour.__file__).parent / "templates"
    engine = settings.TEMPLATES[0]
    settings.TEMPLATES = [engine | {"DIRS": [*engine["DIRS"], folder]}]


def a_trial(experiment="stop", **more) -> Trial:
    asked = {"app": "billing", "seconds": 1, "orders": 0, "by": "olga"}
    return Trial(experiment=experiment, asked_at=timezone.now(), **(asked | more))
