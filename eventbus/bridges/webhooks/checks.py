"""Django system checks: settings with which events would be sent twice."""

from typing import Any

from django.core.checks import CheckMessage, Error

from eventbus.bridges.webhooks.turns import TURN
from eventbus.conf import conf


def check_settings(**_: Any) -> list[CheckMessage]:
    """Return an error where a turn may outlast the worker's claim."""
    if TURN + conf.WEBHOOKS_TIMEOUT < conf.LEASE:
        return []
    longest = TURN + conf.WEBHOOKS_TIMEOUT
    return [
        Error(
            "a turn of webhooks may take longer than a worker holds its claim",
            hint=f"EVENTBUS_LEASE above {longest.total_seconds():g} s, or a shorter "
            "EVENTBUS_WEBHOOKS_TIMEOUT",
            id="eventbus_webhooks.E001",
        )
    ]
