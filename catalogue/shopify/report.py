"""What an import did, and what it could not take."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

#: Lines that a remark names.
SHOWN = 5


class Outcome(StrEnum):
    """What became of one product of the file."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    LEFT_OUT = "left_out"


class Remark(StrEnum):
    """What whoever imports should know of variants that went in."""

    UNCOUNTED = "uncounted"
    SHARED_SKU = "shared_sku"
    MOVED = "moved"
    RENAMED = "renamed"

    @property
    def text(self) -> str:
        """In words."""
        return {
            Remark.UNCOUNTED: (
                "stock not known: sold without counting until somebody says how many there are; "
                "count them, or import again with the column Variant Inventory Qty"
            ),
            Remark.SHARED_SKU: (
                "SKU that several variants have: each has a key of its own, and shows the SKU"
            ),
            Remark.MOVED: "variant that was another product's",
            Remark.RENAMED: "product that had another handle",
        }[self]


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
    #: the lines that each is made of
    remarks: dict[Remark, list[int]] = field(default_factory=dict)

    def remark(self, remark: Remark, line: int) -> None:
        """Note something that is no problem, of what stands on this line."""
        self.remarks.setdefault(remark, []).append(line)

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
        """Return the report as plain values, problems in the order of the file."""
        return {
            "products": {str(outcome): count for outcome, count in self.products.items()},
            "variants": self.variants,
            "columns_without_effect": self.idle,
            "errors": [asdict(problem) for problem in self.sorted_problems()],
            "remarks": [
                {"remark": str(remark), "text": remark.text, "lines": sorted(lines)}
                for remark, lines in self.remarks.items()
            ],
        }

    def remarked(self) -> list[str]:
        """Return each remark in one line, with the first lines of the file it is made of."""
        return [
            f"{len(lines)} times ({_shown(sorted(lines))}): {remark.text}"
            for remark, lines in self.remarks.items()
        ]

    def sorted_problems(self) -> list[Problem]:
        """Return the problems in the order of the file."""
        return sorted(self.problems, key=lambda problem: problem.line)

    def summary(self) -> str:
        """Return the counts in one line."""
        counts = ", ".join(
            f"{count} {outcome.replace('_', ' ')}" for outcome, count in self.products.items()
        )
        return f"Products: {counts}. Variants: {self.variants}.{self._idle()}"

    def _idle(self) -> str:
        return f" Columns without effect: {', '.join(self.idle)}." if self.idle else ""


def _shown(lines: list[int]) -> str:
    shown = ", ".join(map(str, lines[:SHOWN]))
    more = len(lines) - SHOWN
    return f"line {shown}" + (f" and {more} more" if more > 0 else "")
