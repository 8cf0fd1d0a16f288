"""Signatures of envelopes on the wire: access to the broker is not enough to forge an event.

`eventbus.secret_keys` are secrets, of which the first signs and all are accepted. So a key is
changed without a stop: add the new one behind the old everywhere, then put it first
everywhere, then take the old one away.
"""

from functools import lru_cache
from typing import Any

from django.core.signing import BadSignature, Signer

from eventbus.canonical import as_text
from eventbus.conf import conf
from eventbus.exceptions import MessageRejected
from eventbus.secret_keys import secret_keys

#: The header of a message in which its signature stands.
HEADER = "signature"
#: What a task message has around its envelope, and the envelope around its event, in bytes.
ROOM = 8192
#: A signature made for anything else is not one of a message.
_SALT = "eventbus.message"


def signature(wire: dict[str, Any]) -> str:
    """Return the signature of an envelope, by the first key."""
    return _signer(*secret_keys()).signature(as_text(wire))


def check(wire: Any, given: Any) -> None:
    """Raise `MessageRejected` unless one of our keys has signed this envelope."""
    if not isinstance(given, str):
        raise MessageRejected("it is not signed")
    signer = _signer(*secret_keys())
    try:
        signer.unsign(f"{as_text(wire)}{signer.sep}{given}")
    except (BadSignature, TypeError, ValueError, RecursionError) as error:
        # All but the first: nothing that JSON can say, and so nothing that we have signed.
        raise MessageRejected(
            "it is signed by no key of EVENTBUS_KEYS, or was changed since"
        ) from error


@lru_cache(maxsize=1)
def _signer(key: str, *fallbacks: str) -> Signer:
    return Signer(key=key, fallback_keys=list(fallbacks), salt=_SALT)


def check_size_of_message(body: Any) -> None:
    """Raise `MessageRejected` for what no event of ours can have become. `body`: as it came in."""
    limit = conf.MAX_EVENT + ROOM
    if not isinstance(body, bytes | str | memoryview):
        raise MessageRejected("it has no content")
    if len(body) > limit:
        raise MessageRejected(f"it is larger than {limit:,} bytes")
