"""The gate of a worker: what comes from the broker is a signed message of the bus, or nothing.

A message also carries what Celery would do with it (repeat it, hold it back, call others
after it), and that is not signed: so it must be what a relay always sends.
"""

from typing import Any
from uuid import UUID

from kombu.exceptions import ContentDisallowed, DecodeError

from shop.bus import signing
from shop.bus.errors import Refused

#: What a relay never asks of Celery.
_ALWAYS = {
    "eta": None,
    "expires": None,
    "group": None,
    "retries": 0,
    "timelimit": [None, None],
    "stamped_headers": None,
}


def check(message: Any) -> None:
    """Raises `Refused` with the reason, for anything that no relay of ours has sent."""
    signing.check_size_of_message(message.body)
    headers = message.headers
    if not isinstance(headers, dict) or not isinstance(headers.get("task"), str):
        raise Refused("it names no event")
    wire = _envelope(message)
    signing.check(wire, headers.get(signing.HEADER))
    if (headers["task"], headers.get("id")) != (wire.get("type"), wire.get("id")):
        raise Refused("it names another event than it holds")
    if any(headers.get(name, usual) != usual for name, usual in _ALWAYS.items()):
        raise Refused("it asks for more than its reactions")


def _envelope(message: Any) -> dict[str, Any]:
    try:
        (wire,), kwargs, embed = message.payload
        UUID(wire["id"])
        asks_for_more = bool(kwargs) or any(embed.values())
    except (ContentDisallowed, DecodeError) as error:
        raise Refused("it is not JSON") from error
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise Refused("it holds no envelope") from error
    if asks_for_more:
        raise Refused("it asks for more than its reactions")
    return wire
