"""The policies that an operator sets in RabbitMQ: code could not change such arguments later."""

import re
from typing import Any

from eventbus.conf import conf

#: RabbitMQ keeps here what a worker refused and what came back too often; nobody consumes it.
DEAD = f"{conf.NAME}.dead"
#: Times a message may be given back.
DELIVERY_LIMIT = 20
#: Messages that are kept there, and milliseconds for which.
MOST_DEAD, KEEP_DEAD = 100_000, 14 * 24 * 3600 * 1000


def rabbitmq_policies() -> dict[str, Any]:
    """Return the policies, as `rabbitmqctl import_definitions` takes them."""
    return {
        "policies": [
            _policy(
                f"{conf.NAME}.queues",
                f"^([a-z0-9_]+|{re.escape(conf.NAME)}\\.inbound)$",
                {
                    "delivery-limit": DELIVERY_LIMIT,
                    "dead-letter-exchange": "",
                    "dead-letter-routing-key": DEAD,
                },
            ),
            _policy(
                DEAD,
                f"^{re.escape(DEAD)}$",
                {"max-length": MOST_DEAD, "message-ttl": KEEP_DEAD},
            ),
        ]
    }


def _policy(name: str, pattern: str, definition: dict[str, Any]) -> dict[str, Any]:
    return {
        "vhost": "/",
        "name": name,
        "pattern": pattern,
        "apply-to": "queues",
        "priority": 0,
        "definition": definition,
    }
