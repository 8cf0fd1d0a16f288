"""Bridges of the bus, which no test has on but those that say so."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module, reload

from eventbus import Event, registry
from eventbus.delivery.models import Delivery
from eventbus.operations import failures
from eventbus.testing import redeliver


@contextmanager
def switched_on(bridge: str) -> Iterator[None]:
    """Have a bridge's reactions known for the length of a block."""
    before = {event: list(known) for event, known in registry._reactions.items()}
    try:
        # Declared anew, also where another test has imported them.
        module = import_module(f"eventbus.bridges.{bridge}.reactions")
        if bridge not in registry.apps_with_reactions():
            reload(module)
        yield
    finally:
        registry._reactions.clear()
        registry._reactions.update(before)
        registry.wanted.cache_clear()


def deliveries(bridge: str, *events: Event) -> list[Delivery]:
    """A bridge's deliveries of these events, in this order."""
    return [Delivery.objects.get(app=bridge, event_id=event.id) for event in events]


def states(bridge: str, *events: Event) -> list[str]:
    return [each.state for each in deliveries(bridge, *events)]


def try_again(bridge: str, *events: Event) -> None:
    """Retry what failed of these events, as an operator does; it is sent and succeeds."""
    failed = Delivery.objects.filter(app=bridge, event_id__in=[event.id for event in events])
    failures.retry(failed.exclude(state=Delivery.State.DONE), by="Ada")
    # As the relay does when it sends it.
    failed.filter(state=Delivery.State.FAILED).update(state=Delivery.State.WAITING)
    redeliver(*events, to=bridge)
