"""The one text of a value: what is signed, and what the size of an event is measured by."""

import json
from typing import Any

from eventbus.conf import conf
from eventbus.exceptions import EventTooLarge

#: Made once: `json.dumps` would make one with each text.
_encode = json.JSONEncoder(sort_keys=True).encode


def as_text(value: Any) -> str:
    """Return the JSON of a value, the same for the same value."""
    return _encode(value)


def check_size(type: str, text: str) -> None:
    """Raise `EventTooLarge` for an event that no worker would take, by the JSON of its data."""
    # Its text is ASCII: as many bytes as characters.
    size, limit = len(text), conf.MAX_EVENT
    if size > limit:
        raise EventTooLarge(
            f"{type}: {size:,} bytes are more than the {limit:,} of EVENTBUS_MAX_EVENT"
        )
