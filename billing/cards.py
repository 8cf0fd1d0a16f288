"""A card as people type it: what can be wrong with it before any bank is asked."""

import re
from datetime import date
from unicodedata import normalize

from django.utils import timezone
from django.utils.translation import gettext as _

from billing.errors import CardInvalid


def checked_number(typed: str) -> str:
    """Return the digits of a card number typed with or without spaces and hyphens.

    Raises `CardInvalid` when it cannot be a card number.
    """
    digits = re.sub(r"[\s\u2010-\u2015\u2212-]", "", normalize("NFKC", typed))
    if not re.fullmatch(r"[0-9]{12,19}", digits):
        raise CardInvalid({"number": _("A card number has 12 to 19 digits.")})
    if not passes_luhn(digits):
        raise CardInvalid({"number": _("This card number has a typing error.")})
    return digits


def passes_luhn(digits: str) -> bool:
    """Check the digits by ISO/IEC 7812: every second one from the right counts double."""
    plain, doubled = digits[-1::-2], digits[-2::-2]
    total = sum(map(int, plain)) + sum(sum(divmod(2 * int(digit), 10)) for digit in doubled)
    return total % 10 == 0


def check_expiry(typed: str) -> None:
    """Accept MM/YY or MM/YYYY until the month is over. Raises `CardInvalid`."""
    found = re.fullmatch(
        r"\s*(0?[1-9]|1[0-2])\s*/\s*(?:20)?([0-9]{2})\s*", normalize("NFKC", typed)
    )
    if not found:
        raise CardInvalid({"expiry": _("Write the expiry date as MM/YY.")})
    month, year = int(found[1]), 2000 + int(found[2])
    if date(year, month, 1) < timezone.localdate().replace(day=1):
        raise CardInvalid({"expiry": _("This card has expired.")})


def check_cvc(typed: str) -> None:
    """Raise `CardInvalid` unless there are three or four digits."""
    if not re.fullmatch(r"[0-9]{3,4}", normalize("NFKC", typed).strip()):
        raise CardInvalid({"cvc": _("The security code has three or four digits.")})
