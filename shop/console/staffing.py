"""Who is not there to work."""

from collections.abc import Iterable

from shop.bus import registry
from shop.bus.workers import Worker

#: Signs its life like a worker, under this name.
RELAY = "relay"


def missing(workers: Iterable[Worker]) -> list[str]:
    """The apps that no worker is alive for, and `relay` when there is none."""
    there = {worker.seen.app for worker in workers if worker.state != "gone"}
    return [app for app in (RELAY, *registry.apps_with_reactions()) if app not in there]
