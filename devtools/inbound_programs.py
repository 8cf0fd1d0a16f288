"""The programs that take in foreign events, where there are any to take in."""

from django.conf import settings

from eventbus import registry
from eventbus.conf import conf

#: All that there may be.
NAMES = ("inbound", "kafka-inbound")


def inbound_programs() -> dict[str, str]:
    """Return by name the command of `manage.py` that each runs. Django is set up by then."""
    if not registry.foreign_events():
        return {}
    queue, topics = NAMES
    if "kafka" in settings.WORKER_MODULES and conf.KAFKA_TOPICS:
        return {queue: "inbound", topics: "kafka_inbound"}
    return {queue: "inbound"}
