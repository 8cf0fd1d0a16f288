"""CSV files of the admin, in which no spreadsheet finds a formula."""

import re
from typing import Any

from import_export.formats.base_formats import CSV
from tablib import Dataset

#: What a spreadsheet takes for a formula or a command, unless it is a plain number.
_FORMULA = re.compile(r"'*\s*[=+\-@|\t\r＝＋－＠]")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)*")
#: With this prefix a spreadsheet takes a cell for text.
_TEXT_PREFIX = "'"


def escape_formula(cell: str) -> str:
    """Return the cell so that a spreadsheet takes it for text."""
    is_formula = _FORMULA.match(cell) and not _NUMBER.fullmatch(cell)
    return _TEXT_PREFIX + cell if is_formula else cell


def unescape_formula(cell: str) -> str:
    """Undo `escape_formula`."""
    plain = cell.removeprefix(_TEXT_PREFIX)
    return plain if escape_formula(plain) == cell else cell


class SpreadsheetCSV(CSV):
    """CSV with escaped formulas; an exported file can be imported again unchanged."""

    def export_data(self, dataset: Dataset, **kwargs: Any) -> str:
        return super().export_data(_each_cell(dataset, escape_formula), **kwargs)

    def create_dataset(self, in_stream: Any, **kwargs: Any) -> Dataset:
        return _each_cell(super().create_dataset(in_stream, **kwargs), unescape_formula)


def _each_cell(dataset: Dataset, change: Any) -> Dataset:
    rows = [["" if cell is None else change(str(cell)) for cell in row] for row in dataset]
    return Dataset(*rows, headers=dataset.headers)
