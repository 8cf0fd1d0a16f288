"""Validation of incoming messages: a worker accepts signed messages of the bus only.

A message also carries what Celery would do with it (repeat it, hold it back, call others
after it), and that is not signed: so it must be what a relay always sends.
"""

from typing import Any
from uuid import UUID

from kombu.exceptions import ContentDisallowed, DecodeError

from eventbus.exceptions import MessageRejected
from eventbus.messaging import signing

#: As what a relay sends everything. Any other is not even looked at: an encoding may unpack, too.
_FORM = ("application/json", "utf-8")
#: Of a message, in characters; a relay's are UUIDs.
LONGEST_ID = 36
#: Headers with the values that a relay always sends.
EXPECTED_HEADERS = {
    "eta": None,
    "expires": None,
    "group": None,
    "retries": 0,
    "timelimit": [None, None],
    "stamped_headers": None,
}


def check(message: Any) -> None:
    """Raise `MessageRejected` with the reason, for anything that no relay of ours has sent."""
    check_form(message)
    signing.check_size_of_message(message.body)
    headers = message.headers
    if not isinstance(headers, dict) or not isinstance(headers.get("task"), str):
        raise MessageRejected("it names no event")
    wire = _envelope(message)
    signing.check(wire, headers.get(signing.HEADER))
    if headers["task"] != wire.get("type"):
        raise MessageRejected("it names another event than it holds")
    if not isinstance(headers.get("id"), str) or len(headers["id"]) > LONGEST_ID:
        raise MessageRejected("it has no id of its own")
    if any(headers.get(name, usual) != usual for name, usual in EXPECTED_HEADERS.items()):
        raise MessageRejected("it asks for more than its reactions")


def check_form(message: Any) -> None:
    """Raise `MessageRejected` for what is compressed or not JSON, without decoding it."""
    if isinstance(message.headers, dict) and "compression" in message.headers:
        raise MessageRejected("it is compressed")
    if (message.content_type, message.content_encoding) != _FORM:
        raise MessageRejected("it is not JSON")


def _envelope(message: Any) -> dict[str, Any]:
    try:
        (wire,), kwargs, embed = message.payload
        UUID(wire["id"])
        asks_for_more = bool(kwargs) or any(embed.values())
    except (ContentDisallowed, DecodeError) as error:
        raise MessageRejected("it is not JSON") from error
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise MessageRejected("it holds no envelope") from error
    if asks_for_more:
        raise MessageRejected("it asks for more than its reactions")
    return wire
