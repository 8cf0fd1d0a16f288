"""From a file to rows, or the first thing in it that cannot be read."""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from devtools.replay import cells
from devtools.replay.errors import Unreadable
from eventbus import fits_one_event
from orders.services import MOST_LINES, MOST_UNITS

READERS: dict[str, Callable[[str], Any]] = {
    "InvoiceNo": cells.invoice,
    "StockCode": cells.text,
    "Description": cells.text,
    "Quantity": cells.whole_number,
    "InvoiceDate": cells.date,
    "UnitPrice": cells.price,
    "CustomerID": cells.customer,
    "Country": cells.text,
}
#: The last one can read anything.
ENCODINGS = ("utf-8-sig", "cp1252", "latin-1")
#: Bytes of a file, which is read as a whole.
LARGEST = 256 * 1024 * 1024
#: Above this the price of one unit is a typing error.
HIGHEST_PRICE = Decimal(100_000)

_GOODS = re.compile(r"\d{5}[A-Za-z]{0,2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the file: a line of an invoice. `customer` is None for a guest."""

    invoice: str
    stock_code: str
    description: str
    quantity: int
    at: datetime
    price: Decimal
    customer: str | None
    country: str

    @property
    def is_return(self) -> bool:
        return self.invoice.startswith("C")

    @property
    def skipped_as(self) -> str:
        """Return why the row is no goods sold or returned; empty when it is."""
        if not _GOODS.fullmatch(self.stock_code):
            return "not_goods"
        if self.price <= 0:
            return "no_price"
        if self.quantity <= 0 and not self.is_return:
            return "nonpositive_quantity"
        return ""


def read_rows(path: Path) -> list[Row]:
    """Read the rows of the file at `path` in its order, blank ones left out.

    Raises `Unreadable` with file, line, column and reason when anything in it cannot be read.
    """
    try:
        return list(_rows(_records(_text(path))))
    except Unreadable as error:
        raise Unreadable(f"{path}: {error}") from error


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST:
            raise Unreadable(f"larger than {LARGEST:,} bytes; split it")
        content = path.read_bytes()
    except OSError as error:
        raise Unreadable(error.strerror or str(error)) from error
    if b"\0" in content:
        raise Unreadable("not text in UTF-8 or Latin-1; save it as CSV in UTF-8")
    return next(text for encoding in ENCODINGS if (text := _decoded(content, encoding)) is not None)


def _decoded(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each record that is not blank, its cells stripped, with the line it begins on."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    begins = 1
    try:
        for record in reader:
            stripped = [cell.strip() for cell in record]
            if any(stripped):
                yield begins, stripped
            begins = reader.line_num + 1
    except csv.Error as error:
        raise Unreadable(f"line {begins}: not CSV: {error}") from error


def _rows(records: Iterator[tuple[int, list[str]]]) -> Iterator[Row]:
    line, header = next(records, (1, []))
    if missing := [column for column in READERS if column not in header]:
        raise Unreadable(f"line {line}: no column {', '.join(missing)}")
    invoices: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for line, record in records:
        if len(record) != len(header):
            raise Unreadable(f"line {line}: {len(record)} cells, not {len(header)}")
        named = dict(zip(header, record, strict=True))
        row = Row(*(_read(line, column, named[column]) for column in READERS))
        _check(line, row)
        if not row.skipped_as and not row.is_return:
            invoices[row.invoice].append((row.stock_code, row.description))
        yield row
    for invoice, said in invoices.items():
        if len(said) > MOST_LINES or not fits_one_event(said):
            raise Unreadable(f"invoice {invoice}: at most {MOST_LINES} lines fit on an order")


def _read(line: int, column: str, cell: str) -> Any:
    try:
        return READERS[column](cell)
    except ValueError as error:
        raise Unreadable(f"line {line}, {column}: {error}") from error


def _check(line: int, row: Row) -> None:
    """Refuse what does not fit into an order's line."""
    if row.skipped_as or row.is_return:
        return
    if row.quantity > MOST_UNITS:
        raise Unreadable(f"line {line}, Quantity: is above {MOST_UNITS}: {row.quantity}")
    if row.price > HIGHEST_PRICE:
        raise Unreadable(f"line {line}, UnitPrice: is above {HIGHEST_PRICE}: {row.price}")
    if round(row.price, 2) != row.price:
        raise Unreadable(f"line {line}, UnitPrice: has more than 2 decimals: {row.price}")
