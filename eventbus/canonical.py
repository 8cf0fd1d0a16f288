"""The one text of a value: what is signed, and what the size of an event is measured by."""

import json
from typing import Any

from eventbus.conf import conf
from eventbus.exceptions import EventTooLarge


def as_text(value: Any) -> bytes:
    """Return the JSON of a value, the same for the same value."""
    return json.dumps(value, sort_keys=True).encode()


def check_size(type: str, data: dict[str, Any]) -> None:
    """Raise `EventTooLarge` for an event that no worker would take. `type`: to name it by."""
    size, limit = len(as_text(data)), conf.MAX_EVENT
    if size > limit:
        raise EventTooLarge(
            f"{type}: {size:,} bytes are more than the {limit:,} of EVENTBUS_MAX_EVENT"
        )
