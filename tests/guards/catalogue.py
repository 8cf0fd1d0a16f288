"""All guards there are."""

from tests.guards import apps, brokers, bus

GUARDS = [*bus.GUARDS, *brokers.GUARDS, *apps.GUARDS]
