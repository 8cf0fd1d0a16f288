"""Events of ours, as they would be after a change of their source."""

import sys
from collections.abc import Callable
from types import ModuleType

import pytest

from eventbus import registry
from shop.environment import BRIDGES

Edit = Callable[..., None]


@pytest.fixture
def edited(monkeypatch) -> Edit:
    """Change texts of an app's events.py; reactions are to the changed events then.

    `edited("orders.events", ("total: Decimal", "total: int"), ...)`
    """

    def edit(module: str, *changes: tuple[str, str]) -> None:
        # What our documents say of a change knows no bridge: by itself none is on.
        reactions = {
            event: [each for each in known if each.app not in BRIDGES]
            for event, known in registry._reactions.items()
        }
        monkeypatch.setattr(registry, "_events", dict(registry._events))
        monkeypatch.setattr(registry, "_reactions", reactions)
        before = {event.type: event for event in reactions}
        _run(sys.modules[module], changes)
        registry.wanted.cache_clear()
        for type, event in before.items():
            if type in registry._events:
                reactions[registry._events[type]] = reactions[event]

    yield edit
    registry.wanted.cache_clear()


def _run(module: ModuleType, changes: tuple[tuple[str, str], ...]) -> None:
    with open(module.__file__, encoding="utf-8") as file:
        source = file.read()
    for before, after in changes:
        assert source.count(before) == 1, before
        source = source.replace(before, after)
    exec(source, {"__name__": module.__name__})
