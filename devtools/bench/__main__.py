"""`python -m devtools.bench`: every part, one after the other, or the one of `--only`."""

import argparse
import json
import sys

from devtools.bench.parts import PARTS, Part


def main() -> None:
    options = _parser().parse_args()
    chosen = {options.only: PARTS[options.only]} if options.only else PARTS
    figures: dict[str, object] = {}
    for name, part in chosen.items():
        print(f"{name}: {part.question}", file=sys.stderr)  # noqa: T201 progress
        figures |= _run(name, part, options)
    if options.json:
        json.dump(figures, sys.stdout)


def _run(name: str, part: Part, options: argparse.Namespace) -> dict[str, object]:
    """Run a part, show it unless JSON is wanted, and return its figures with the details."""
    result = part.measure(options)
    if not options.json:
        print(part.table(result) if result else "not measured")  # noqa: T201 the result
    return {key: pick(result) if result else None for key, pick in part.keys.items()} | {
        name: result
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m devtools.bench", description=__doc__)
    parser.add_argument("--only", choices=PARTS, help="this part alone")
    parser.add_argument("--orders", type=int, default=150, help="orders each way a round (150)")
    parser.add_argument("--lines", type=int, default=3, help="lines of each order (3)")
    parser.add_argument("--rounds", type=int, default=5, help="rounds in turns (5)")
    parser.add_argument("--placed", type=int, default=40, help="checkouts each way a round (40)")
    parser.add_argument("--at-rest", type=int, default=20, help="orders at rest a round (20)")
    parser.add_argument("--events", type=int, default=2000, help="events of a relay's round (2000)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return parser


if __name__ == "__main__":
    main()
