"""Whose an event, a reaction and a service are: their module says it."""

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured

from eventbus import Event, emits, layers, reacts_to, registry


@pytest.mark.parametrize(
    ("module", "app"),
    [
        ("orders.events", "orders"),
        ("shop.checkout.order_placement", "shop"),
        ("eventbus.console.events", "eventbus"),
        ("eventbus.bridges.kafka.reactions", "kafka"),
        ("eventbus.bridges.kafka", "kafka"),
        ("rides.eventbus.bridges.kafka.reactions", "rides"),
    ],
)
def test_a_module_is_of_the_app_in_whose_folder_it_is(module, app):
    assert registry.owner(module) == app


@pytest.fixture
def own_registry(monkeypatch):
    """What is declared within is forgotten after the test."""
    for name in ("_events", "_reactions", "_services"):
        monkeypatch.setattr(registry, name, dict(getattr(registry, name)))
    registry.wanted.cache_clear()
    yield
    registry.wanted.cache_clear()


@pytest.mark.usefixtures("own_registry")
def test_what_a_bridge_declares_is_declared_by_an_app_of_its_name():
    bridge = "eventbus.bridges.ferry.events"
    fields = {"__annotations__": {"trip": int}, "__module__": bridge}
    crossed = type("Crossed", (Event,), fields)

    def carry(event):
        pass

    carry.__module__, carry.__qualname__ = "eventbus.bridges.ferry.reactions", "carry"
    reacts_to(crossed, emits=[crossed])(carry)
    emits(crossed)(carry)
    assert (crossed.app, crossed.type) == ("ferry", "ferry.Crossed")
    assert "ferry" in registry.apps_with_reactions()
    assert registry.types_wanted_by("ferry") == ["ferry.Crossed"]
    assert registry.emitters_of(crossed) == ["ferry.carry"]


def test_a_bridge_does_not_start_without_the_layers_that_an_event_needs(monkeypatch):
    bridge = layers.BridgeConfig("eventbus.bridges.ferry", registry)
    bridge.require_installed()
    monkeypatch.setattr(apps, "is_installed", lambda name: name != "eventbus.messaging")
    with pytest.raises(ImproperlyConfigured, match=r"ferry needs eventbus\.messaging in INSTALLED"):
        bridge.require_installed()
