"""A bridge that is on is an app like the others; one that is off leaves no trace."""

import pytest

from devtools.docs import workers
from devtools.inbound_programs import inbound_programs
from devtools.run.supervisor import write_workers
from eventbus import Event, registry
from shop import environment
from shop.environment import REACTING_APPS, Environment, read_environment
from shop.settings import INSTALLED_APPS, WORKER_MODULES

#: The bridges there are in these tests, beside those that there are.
FERRY = ("ferry", "tunnel")


@pytest.fixture(autouse=True)
def _bridges(monkeypatch):
    monkeypatch.setattr(environment, "BRIDGES", list(FERRY))


def test_without_a_word_no_bridge_is_on():
    assert Environment().worker_modules == {app: app for app in REACTING_APPS}


def test_installed_are_those_that_are_on():
    """In the tests' own process one is, see `tests.servers`."""
    bridges = [name for name in INSTALLED_APPS if name.startswith("eventbus.bridges")]
    assert bridges == [each for each in WORKER_MODULES.values() if each not in REACTING_APPS]
    assert bridges == ["eventbus.bridges.webhooks"]


def test_the_bridges_that_are_named_have_a_worker_each_beside_the_apps(monkeypatch):
    monkeypatch.setenv("BRIDGES", " tunnel, ferry,")
    modules = read_environment().worker_modules
    assert list(modules) == [*REACTING_APPS, *FERRY]
    assert modules["ferry"] == "eventbus.bridges.ferry"


def test_a_bridge_that_there_is_not_is_refused_by_name(monkeypatch):
    monkeypatch.setenv("BRIDGES", "ferry,plane")
    with pytest.raises(SystemExit, match="plane: not one of ferry, tunnel"):
        read_environment()


def test_make_run_starts_its_worker_by_its_module_under_its_own_name(tmp_path):
    write_workers(tmp_path, {"ferry": "eventbus.bridges.ferry"}, 1, "INFO")
    written = (tmp_path / "apps.conf").read_text()
    assert "[program:ferry]" in written
    assert "celery -q -A eventbus.bridges.ferry worker -n ferry@%%h" in written
    assert "programs=web,relay,flower,tour,ferry" in written.replace(" ", "")


def test_compose_hands_on_the_variables_of_a_bridge_that_is_on_and_of_no_other(monkeypatch):
    monkeypatch.setattr(workers, "WORKER_MODULES", {})
    assert workers.compose_bridges() == ""
    monkeypatch.setattr(workers, "WORKER_MODULES", {"kafka": "eventbus.bridges.kafka"})
    lines = [line.strip() for line in workers.compose_bridges().splitlines()]
    assert lines[0] == "BRIDGES: kafka"
    assert "KAFKA_SERVERS: ${KAFKA_SERVERS:-}" in lines
    assert "KAFKA_SECURITY: ${KAFKA_SECURITY:-plaintext}" in lines
    assert not [line for line in lines[1:] if not line.startswith("KAFKA_")]


def test_topics_have_a_program_where_kafka_is_on_and_something_foreign_may_come(
    monkeypatch, settings
):
    settings.EVENTBUS_KAFKA_TOPICS = {"warehouse"}
    settings.WORKER_MODULES = {"kafka": "eventbus.bridges.kafka"}
    monkeypatch.setattr(registry, "foreign_events", list)
    assert inbound_programs() == {}
    monkeypatch.setattr(registry, "foreign_events", lambda: [Event])
    assert inbound_programs() == {"inbound": "inbound", "kafka-inbound": "kafka_inbound"}
    assert "command: python manage.py kafka_inbound" in workers.compose_workers()
    settings.WORKER_MODULES = {}
    assert inbound_programs() == {"inbound": "inbound"}


def test_so_do_the_files_of_a_deployment(monkeypatch):
    monkeypatch.setattr(workers, "WORKER_MODULES", {"ferry": "eventbus.bridges.ferry"})
    command = "celery -q -A eventbus.bridges.ferry worker -n ferry@%h"
    assert command in workers.compose_workers()
    assert command in workers.kubernetes_workers().replace(",", "").replace('"', "")
