"""Texts that let somebody in: in an event, and wherever it is kept, they are sealed.

`eventbus.secret_keys` seal and open: the first seals, all open, as with signatures.
"""

from base64 import urlsafe_b64encode
from datetime import timedelta
from hashlib import sha256
from typing import Annotated

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from pydantic import AfterValidator, Field

from eventbus.exceptions import BusError
from eventbus.secret_keys import secret_keys

#: Begins a sealed text.
MARK = "sealed:"


class CannotOpen(BusError):
    """The seal is of a key that is not in EVENTBUS_KEYS any more, or older than was asked for."""


def seal(text: str) -> str:
    """Encrypt a text with our keys; an empty or sealed one stays as it is."""
    if not text or text.startswith(MARK):
        return text
    return MARK + _keys().encrypt(text.encode()).decode()


def unseal(text: str, *, within: timedelta) -> str:
    """Decrypt a text sealed no longer ago than `within`. Raises `CannotOpen`."""
    if not text:
        return text
    try:
        token = text.removeprefix(MARK).encode()
        return _keys().decrypt(token, ttl=int(within.total_seconds())).decode()
    except InvalidToken as error:
        raise CannotOpen("the seal is too old, or of a key that is not in EVENTBUS_KEYS") from error


def _keys() -> MultiFernet:
    return MultiFernet([Fernet(_fernet_key(key)) for key in secret_keys()])


def _fernet_key(key: str) -> bytes:
    """Derive another key than the one that signs."""
    return urlsafe_b64encode(sha256(f"seals of {key}".encode()).digest())


#: A field of an event for a secret, such as a link into somebody's account: `link: Sealed`. Put in
#: as it is, it is sealed at once; a reaction opens it with `unseal`.
Sealed = Annotated[str, AfterValidator(seal), Field(examples=[f"{MARK}gAAAAABp"])]
