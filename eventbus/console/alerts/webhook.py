"""Telling another machine of an alert."""

import json
from urllib.request import Request, urlopen

from eventbus import Event

TIMEOUT = 10.0


def post(url: str, event: Event) -> int:
    """Post an event as JSON and return the status; raises `OSError` unless it was taken.

    The key is the same each time it is sent: who takes it can tell a second copy.
    """
    body = json.dumps({"id": str(event.id), "type": event.type, **event.to_data()})
    return post_plain(url, body, str(event.id))


def post_plain(url: str, body: str, key: str) -> int:
    """Post JSON under a key of its own; as `post`."""
    headers = {"Content-Type": "application/json", "Idempotency-Key": key}
    # The settings take no other address than of the web.
    with urlopen(Request(url, body.encode(), headers), timeout=TIMEOUT) as answer:
        return int(answer.status)
