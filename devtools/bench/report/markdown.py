"""Writes the report, anew after each part: what was measured is kept whatever comes next."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from devtools.bench.report.machine import machine, versions
from devtools.bench.report.plots import plots

FILE = "report.md"


class Report:
    """A folder with `report.md` and what it shows."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._sections = ["\n".join(_head())]

    def add(self, name: str, question: str, command: str, shown: str, result: Any) -> None:
        """Add a part: what was asked, by which command, and its figures as `shown` and drawn."""
        lines = [
            f"## {name}",
            "",
            f"{question[0].upper()}{question[1:]}.",
            "",
            "```sh",
            command,
            "```",
            "",
            _now(),
            "",
        ]
        lines += ["```text", shown, "```", ""]
        lines += [f"![{name}: {of}]({file})\n" for of, file in self._drawn(name, result)]
        self._sections.append("\n".join(lines))
        (self.folder / FILE).write_text("\n".join(self._sections), encoding="utf-8")

    def _drawn(self, name: str, result: Any) -> Iterator[tuple[str, str]]:
        if name == "profile":
            yield from result.items()
        for of, chart in plots(name, result) if result else ():
            chart.render_to_file(str(self.folder / f"{name}-{of}.svg"))
            yield of, f"{name}-{of}.svg"


def _head() -> Iterator[str]:
    yield "# Measured by `make bench`"
    yield ""
    yield f"{machine()}."
    yield ""
    yield "| what | version |"
    yield "|---|---|"
    yield from (f"| {name} | {number} |" for name, number in versions().items())
    yield ""


def _now() -> str:
    return f"Measured until {datetime.now(UTC):%Y-%m-%d %H:%M} UTC; {machine()}."
