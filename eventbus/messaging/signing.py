"""The signature of an envelope on the wire: who can write to the broker invents no event.

`eventbus.keys` are secrets, of which the first signs and all are accepted. So a key is
changed without a stop: add the new one behind the old everywhere, then put it first
everywhere, then take the old one away.
"""

import hmac
from hashlib import sha256
from typing import Any

from eventbus.canonical import as_text
from eventbus.conf import conf
from eventbus.exceptions import Refused
from eventbus.keys import keys

#: The header of a message in which its signature stands: the key's id and the digest.
HEADER = "signature"
#: What a task message has around its envelope, and the envelope around its event, in bytes.
ROOM = 8192


def signature(wire: dict[str, Any]) -> str:
    """The signature of an envelope, by the first key."""
    key = keys()[0]
    return f"{key_id(key)}:{_digest(key, wire)}"


def key_id(key: str) -> str:
    """By which a key is known without being told."""
    return sha256(f"id of {key}".encode()).hexdigest()[:8]


def check(wire: Any, given: Any) -> None:
    """Raises `Refused` unless one of our keys has signed this envelope."""
    if not isinstance(given, str) or ":" not in given:
        raise Refused("it is not signed")
    named, _, digest = given.partition(":")
    key = next((key for key in keys() if key_id(key) == named), None)
    if key is None:
        raise Refused("it is signed by a key that is not in EVENTBUS_KEYS")
    if not _is_digest(digest, key, wire):
        raise Refused("its signature does not fit it")


def _is_digest(given: str, key: str, wire: Any) -> bool:
    try:
        return hmac.compare_digest(given.encode(), _digest(key, wire).encode())
    except (TypeError, ValueError, RecursionError):
        # Nothing that JSON can say, and so nothing that we have signed.
        return False


def _digest(key: str, wire: Any) -> str:
    return hmac.new(key.encode(), as_text(wire), sha256).hexdigest()


def check_size_of_message(body: Any) -> None:
    """Raises `Refused` for what no event of ours can have become. `body`: as it came in."""
    limit = conf.MAX_EVENT + ROOM
    if not isinstance(body, bytes | str | memoryview):
        raise Refused("it has no content")
    if len(body) > limit:
        raise Refused(f"it is larger than {limit:,} bytes")
