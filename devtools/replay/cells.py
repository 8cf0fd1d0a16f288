"""What a cell may hold, kind by kind.

Each reader takes the stripped text of a cell and returns its value, or raises
`ValueError` whose message completes the sentence "this cell ...".
"""

import re
from datetime import datetime
from decimal import Decimal

LONGEST_NUMBER = 18
#: As the data set is published, and as spreadsheets turn it into CSV.
DATE_FORMATS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%m/%d/%Y %H:%M")

#: Short and plain: it becomes an order's reference and part of a guest's address.
_INVOICE = re.compile(r"[A-Za-z0-9-]{1,40}")
_WHOLE = re.compile(r"(-?\d+)(\.0*)?", re.ASCII)
_NUMBER = re.compile(r"-?\d+(\.\d*)?", re.ASCII)


def text(cell: str) -> str:
    """Read any text."""
    return cell


def invoice(cell: str) -> str:
    """Read the number of an invoice."""
    if not _INVOICE.fullmatch(cell):
        raise ValueError(f"is not an invoice's number such as 536365: {shown(cell)}")
    return cell


def whole_number(cell: str) -> int:
    """Read a whole number, perhaps negative, perhaps written as 6.0."""
    found = _WHOLE.fullmatch(cell)
    if not found or len(cell) > LONGEST_NUMBER:
        raise ValueError(f"is not a whole number such as 6: {shown(cell)}")
    return int(found[1])


def price(cell: str) -> Decimal:
    """Read an exact amount, perhaps negative."""
    if not _NUMBER.fullmatch(cell) or len(cell) > LONGEST_NUMBER:
        raise ValueError(f"is not a number such as 2.55: {shown(cell)}")
    return Decimal(cell)


def customer(cell: str) -> str | None:
    """Read a customer's number, perhaps written as 17850.0; no leading zeros, blank is None."""
    if not cell:
        return None
    number = whole_number(cell)
    if number < 0:
        raise ValueError(f"is negative: {shown(cell)}")
    return str(number)


def date(cell: str) -> datetime:
    """Read a date and time of day, 2010-12-01 08:26:00 or 12/1/2010 8:26 (month first)."""
    for known in DATE_FORMATS:
        try:
            return datetime.strptime(cell, known)
        except ValueError:
            continue
    raise ValueError(f"is not a date such as 2010-12-01 08:26:00: {shown(cell)}")


def shown(cell: str) -> str:
    """Return the cell as it may stand in a message of one line."""
    return repr(cell if len(cell) <= 40 else f"{cell[:40]}...")
