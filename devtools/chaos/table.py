"""The runs whose reports are in a folder, as a table for `docs/reliability.md`.

python -m devtools.chaos.table [FOLDER]
"""

import argparse
import json
from pathlib import Path
from typing import Any

from devtools.system import PROJECT

COLUMNS = {
    "broker": "broker",
    "seed": "seed",
    "orders": "placed",
    "reactions": "reactions",
    "sent again": "sent_again",
    "faults": "faults",
    "shop open (s)": "calm_at",
    "all settled (s)": "settled_at",
    "rules broken": "broken",
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m devtools.chaos.table", description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=PROJECT / "var" / "chaos")
    reports = sorted(parser.parse_args().folder.glob("report-*.json"))
    print(table([json.loads(path.read_text()) for path in reports]))  # noqa: T201 the result


def table(reports: list[dict[str, Any]]) -> str:
    """Return a row in Markdown for each report."""
    rows = [
        list(COLUMNS),
        ["---"] * len(COLUMNS),
        *([str(_cell(report, key)) for key in COLUMNS.values()] for report in reports),
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _cell(report: dict[str, Any], key: str) -> Any:
    if key == "faults":
        return len(report["faults"])
    if key == "broken":
        return sum(not check["ok"] for check in report["checks"])
    return report[key]


if __name__ == "__main__":
    main()
