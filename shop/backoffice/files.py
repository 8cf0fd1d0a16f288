"""CSV files of the admin: never a formula for who opens one."""

import re
from typing import Any

from import_export.formats.base_formats import CSV
from tablib import Dataset

#: What a spreadsheet calculates or takes for a command, where it is no plain number.
_FORMULA = re.compile(r"'*\s*[=+\-@|\t\r＝＋－＠]")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)*")
#: Before it, a spreadsheet takes everything for text.
_AS_TEXT = "'"


def as_text(cell: str) -> str:
    """The cell as it may stand in a spreadsheet."""
    is_formula = _FORMULA.match(cell) and not _NUMBER.fullmatch(cell)
    return _AS_TEXT + cell if is_formula else cell


def as_meant(cell: str) -> str:
    """What `as_text` was given."""
    meant = cell.removeprefix(_AS_TEXT)
    return meant if as_text(meant) == cell else cell


class SpreadsheetCSV(CSV):
    """CSV whose cells are shown and never calculated; what goes out comes in again as it was."""

    def export_data(self, dataset: Dataset, **kwargs: Any) -> str:
        return super().export_data(_each_cell(dataset, as_text), **kwargs)

    def create_dataset(self, in_stream: Any, **kwargs: Any) -> Dataset:
        return _each_cell(super().create_dataset(in_stream, **kwargs), as_meant)


def _each_cell(dataset: Dataset, change: Any) -> Dataset:
    rows = [["" if cell is None else change(str(cell)) for cell in row] for row in dataset]
    return Dataset(*rows, headers=dataset.headers)
