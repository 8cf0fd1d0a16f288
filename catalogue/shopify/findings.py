"""What is wrong with one product, collected while its cells are read."""

from collections.abc import Callable
from typing import TypeVar

from catalogue.shopify.columns import Column
from catalogue.shopify.reading import Row
from catalogue.shopify.report import Problem

Value = TypeVar("Value")


class UnsoundProduct(Exception):
    """The product cannot go in: mend what `problems` names."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = problems


class Findings:
    """Reads cells, and notes those that cannot be read instead of stopping at the first."""

    def __init__(self, handle: str) -> None:
        self.handle = handle
        self.problems: list[Problem] = []

    def add(self, row: Row, column: Column | None, reason: str) -> None:
        """Note what is wrong with a cell, or with the row as a whole."""
        self.problems.append(Problem(row.line, str(column or ""), reason, self.handle))

    def read(self, row: Row, column: Column, reader: Callable[[str], Value]) -> Value | None:
        """Return the value of a cell; None, and a note, when it has none."""
        try:
            if "\0" in row[column]:
                raise ValueError("holds a NUL character")
            return reader(row[column])
        except ValueError as error:
            self.add(row, column, str(error))
            return None

    def conclude(self) -> None:
        """Raise `UnsoundProduct` when anything was noted."""
        if self.problems:
            raise UnsoundProduct(self.problems)
