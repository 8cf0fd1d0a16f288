"""One way to write an e-mail address, so that it is compared exactly, everywhere.

The domain is written as the mail server will ask for it (IDNA, in small letters). Before it,
capitals of ASCII are small letters, and nothing else is changed: a letter that only looks like
another, or that some alphabet's capitals take for it, is somebody else's.
"""

from typing import Annotated, Any

import idna
from django.db import models
from pydantic import AfterValidator


def mailbox(email: str) -> str:
    """Return the address as it is stored and compared; a name without an @ in small letters.

    Takes any text. An address that no mail can be sent to keeps letters that are not ASCII.
    """
    email = email.strip()
    if email.isascii():
        return email.lower()
    local, at, domain = email.rpartition("@")
    return f"{_small(local)}{at}{_asked_for(domain)}" if at else _small(email)


#: The address in an event: however it was typed, it is stored as all compare it.
Mailbox = Annotated[str, AfterValidator(mailbox)]


class MailboxField(models.EmailField):  # type: ignore[type-arg]  # Django has no such arguments
    """A column of addresses: written, and asked for, as all compare them."""

    def get_prep_value(self, value: Any) -> Any:
        kept = super().get_prep_value(value)
        return mailbox(kept) if isinstance(kept, str) else kept

    def deconstruct(self) -> Any:
        """Present it to migrations as a plain `EmailField`."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.EmailField", args, kwargs


def _small(text: str) -> str:
    """Lower ASCII letters alone: other alphabets' may become another's letter."""
    return text.encode(errors="surrogatepass").lower().decode(errors="surrogatepass")


def _asked_for(domain: str) -> str:
    try:
        return idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:
        return _small(domain)
