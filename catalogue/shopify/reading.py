"""From a file to rows: encoding, CSV, and which columns there are. No cell is judged here."""

import codecs
import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from catalogue.shopify.columns import NUMBERS, REQUIRED, Column, column_named, is_usual_name

# A description with its pictures inlined is longer than the 128 kB Python allows by default.
csv.field_size_limit(32 * 1024 * 1024)
#: Bytes of a file, which is read as a whole.
LARGEST = 256 * 1024 * 1024
#: Of two that leave as many columns the first counts.
SEPARATORS = (",", ";", "\t")
#: Characters among which the first line ends.
LONGEST_HEADER = 64 * 1024
_COMMA = re.compile(r"-?\d+,\d+", re.ASCII)


class UnreadableFile(Exception):
    """The file cannot be taken as a whole; the message says in one line what to mend."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line it begins on, and its cells.

    `cells` holds what is not blank, stripped; `labels` names, for every
    column the file has, how the file calls it; `surplus` says that there are
    cells beyond the last column; `idle` names the columns with something in this row that
    nobody reads.
    """

    line: int
    cells: Mapping[Column, str]
    labels: Mapping[Column, str]
    surplus: bool = False
    idle: tuple[str, ...] = ()

    def __getitem__(self, column: Column) -> str:
        return self.cells.get(column, "")

    def has(self, column: Column) -> bool:
        """Return whether the file has this column, be its cell blank or not."""
        return column in self.labels


def read_rows(path: Path) -> list[Row]:
    """Return the rows of the product file at `path`, blank ones left out.

    Raises `UnreadableFile` when it is missing, not UTF-8 or UTF-16, not CSV, or lacks a
    column without which there is no product.
    """
    try:
        text = _text(path)
        mark = _separator(text)
        records = _records(text, mark)
        _, header = next(records, (0, []))
        return list(_rows(records, header, decimal_commas=mark != ","))
    except UnreadableFile as error:
        raise UnreadableFile(f"{path}: {error}") from error


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST:
            raise UnreadableFile(f"larger than {LARGEST:,} bytes; split it")
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableFile(error.strerror or str(error)) from error
    marks = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    try:
        return content.decode("utf-16" if content.startswith(marks) else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UnreadableFile(f"not UTF-8 text (line {line}); save it as UTF-8") from error


def _records(text: str, mark: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each record with the line it begins on."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=mark)
    begins = 1
    try:
        for record in reader:
            yield begins, record
            begins = reader.line_num + 1
    except csv.Error as error:
        raise UnreadableFile(f"not CSV from line {begins} on: {error}") from error


def _separator(text: str) -> str:
    """Return the separator of the first line's names; spreadsheets write it as their country does.

    That which leaves most columns of a product file.
    """
    header = text[:LONGEST_HEADER].partition("\n")[0].replace('"', "")
    return max(SEPARATORS, key=lambda mark: sum(map(bool, map(column_named, header.split(mark)))))


def _with_points(cells: dict[Column, str]) -> dict[Column, str]:
    """Return the cells with points for the decimal commas of their numbers."""
    return {
        column: cell.replace(",", ".") if column in NUMBERS and _COMMA.fullmatch(cell) else cell
        for column, cell in cells.items()
    }


def _rows(
    records: Iterator[tuple[int, list[str]]], header: list[str], decimal_commas: bool
) -> Iterator[Row]:
    columns = _columns(header)
    labels = {column: header[index].strip() for column, index in columns.items()}
    names = ["" if column_named(name) else name.strip() for name in header]
    for line, record in records:
        cells = {
            column: cell
            for column, index in columns.items()
            if index < len(record) and (cell := record[index].strip())
        }
        if cells:
            cells = _with_points(cells) if decimal_commas else cells
            idle = tuple(name for name, cell in zip(names, record, strict=False) if name and cell)
            yield Row(line, cells, labels, any(record[len(header) :]), idle)


def _columns(header: list[str]) -> dict[Column, int]:
    """Return where each column stands; of two names for one column the one exports carry counts."""
    known = [(column, index) for index, name in enumerate(header) if (column := column_named(name))]
    usual_names_last = sorted(known, key=lambda found: is_usual_name(header[found[1]]))
    columns = dict(usual_names_last)
    if missing := [column for column in REQUIRED if column not in columns]:
        raise UnreadableFile(
            f"not a Shopify product file: no column {', '.join(missing)} "
            "(the first line names the columns, separated by commas)"
        )
    return columns
