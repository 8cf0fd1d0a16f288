"""What an import did, and what it could not take."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any


class Outcome(StrEnum):
    """What became of one product of the file."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    LEFT_OUT = "left_out"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a product was left out, and where in the file that stands.

    `line` is the physical line on which the row begins; a quoted cell may go
    on over further lines. `column` is named as in the file, "" for a row as a whole.
    """

    line: int
    column: str
    reason: str
    handle: str

    def __str__(self) -> str:
        where = f"line {self.line}, {self.column or 'the row'}"
        text = f"{where}: {self.reason} (product {self.handle or '?'})"
        return " ".join(text.split())


@dataclass
class Report:
    """The counts of an import, and every problem found.

    `labels` says how the file calls its columns.
    """

    labels: Mapping[Any, str] = field(default_factory=dict)
    products: dict[Outcome, int] = field(default_factory=lambda: dict.fromkeys(Outcome, 0))
    variants: int = 0
    problems: list[Problem] = field(default_factory=list)
    #: columns of the file, with something in them, that have no effect
    idle: list[str] = field(default_factory=list)

    def went_in(self, outcome: Outcome, variants: int) -> None:
        """Count a product that is in the catalogue now, with so many variants."""
        self.products[outcome] += 1
        self.variants += variants

    def leave_out(self, problems: list[Problem]) -> None:
        """Count a product that is left out because of `problems`."""
        self.products[Outcome.LEFT_OUT] += 1
        self.problems += [replace(problem, column=self._label(problem)) for problem in problems]

    def _label(self, problem: Problem) -> str:
        return self.labels.get(problem.column, problem.column)

    def as_json(self) -> dict[str, Any]:
        """The report as plain values, problems in the order of the file."""
        return {
            "products": {str(outcome): count for outcome, count in self.products.items()},
            "variants": self.variants,
            "columns_without_effect": self.idle,
            "errors": [asdict(problem) for problem in self.sorted_problems()],
        }

    def sorted_problems(self) -> list[Problem]:
        """The problems in the order of the file."""
        return sorted(self.problems, key=lambda problem: problem.line)

    def summary(self) -> str:
        """The counts in one line."""
        counts = ", ".join(
            f"{count} {outcome.replace('_', ' ')}" for outcome, count in self.products.items()
        )
        return f"Products: {counts}. Variants: {self.variants}.{self._idle()}"

    def _idle(self) -> str:
        return f" Columns without effect: {', '.join(self.idle)}." if self.idle else ""
