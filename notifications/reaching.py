"""Whether a mail server can be given an address at all."""

from contextlib import suppress

from django.core.mail.message import sanitize_address

#: What an address may have, in characters (RFC 5321).
LONGEST = 254


def can_reach(email: str) -> bool:
    """Return whether mail can be sent there. Events hold any text: not everybody checks."""
    name, at, _domain = email.rpartition("@")
    if not (name.isascii() and at and len(email) <= LONGEST):
        return False
    # The parser of the standard library fails in many ways on what is no address.
    with suppress(Exception):
        return len(sanitize_address(email, "utf-8")) <= LONGEST
    return False
