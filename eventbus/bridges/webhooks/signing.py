"""Signatures by Standard Webhooks.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import hashlib
import hmac
import secrets
from base64 import b64decode, b64encode
from collections.abc import Iterable

PREFIX = "whsec_"
#: Bytes of a secret; the specification allows 24 to 64.
SIZE = 32


def new_secret() -> str:
    """Return a secret as its receiver is shown it, once."""
    return PREFIX + b64encode(secrets.token_bytes(SIZE)).decode()


def signed_headers(id: str, timestamp: int, body: bytes, keys: Iterable[str]) -> dict[str, str]:
    """Return the headers by which a receiver knows who sends, signed with each of the secrets.

    `timestamp` is of this attempt, in seconds since 1970.
    """
    content = f"{id}.{timestamp}.".encode() + body
    return {
        "webhook-id": id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(_signature(key, content) for key in keys),
    }


def _signature(key: str, content: bytes) -> str:
    secret = b64decode(key.removeprefix(PREFIX))
    return "v1," + b64encode(hmac.digest(secret, content, hashlib.sha256)).decode()
