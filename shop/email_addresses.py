"""An e-mail address as the shop stores it: one that mail servers accept."""

import re

import idna
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

#: What an address may have in all, and before the @, in bytes on the wire (RFC 5321).
LONGEST, LONGEST_NAME = 254, 64

#: As browsers have it. Other letters need SMTPUTF8, which not every server speaks.
_NAME = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*", re.ASCII)
#: A name of the open network, no machine's number.
_DOMAIN = re.compile(r"([a-z0-9-]+\.)+(?!\d+$)[a-z0-9-]{2,}")


def normalize(email: str) -> str:
    """Return the address as it is stored: lower case, its domain encoded by IDNA 2008.

    Raises `ValidationError` for one that no mail can be sent to.
    """
    name, _at, domain = email.strip().rpartition("@")
    known = f"{_lowered(name)}@{_on_the_wire(domain)}"
    if len(known) > LONGEST:
        raise ValidationError(_("Enter an address of at most 254 characters."), code="max_length")
    return known


def check(email: str) -> None:
    """Raise `ValidationError` for an address that no mail can be sent to."""
    normalize(email)


def _lowered(name: str) -> str:
    """Lower it. Raises `ValidationError`. Letters are checked first: some become ASCII in small."""
    if not name.isascii() or not _NAME.fullmatch(name.lower()) or len(name) > LONGEST_NAME:
        raise _unreachable()
    return name.lower()


def _on_the_wire(domain: str) -> str:
    # Far more than fits, before anything is made of it.
    if len(domain) > LONGEST:
        raise ValidationError(_("Enter an address of at most 254 characters."), code="max_length")
    try:
        encoded = idna.encode(domain, uts46=True, std3_rules=True).decode()
    except UnicodeError as error:
        raise _unreachable() from error
    if not _DOMAIN.fullmatch(encoded):
        raise _unreachable()
    return encoded


def _unreachable() -> ValidationError:
    text = _("No mail can be sent to this address: enter one such as ada@example.com.")
    return ValidationError(text, code="invalid")
