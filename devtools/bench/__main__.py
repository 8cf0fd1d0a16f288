"""`python -m devtools.bench`: every part, one after the other, or those of `--only`."""

import argparse
import json
import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from devtools.bench.parts import PARTS, Part
from devtools.bench.peers.contest import PEERS
from devtools.bench.report.markdown import Report
from devtools.interruption import end_in_order


def main() -> None:
    parser = _parser()
    options = parser.parse_args()
    end_in_order()
    report = Report(options.report) if options.report else None
    figures: dict[str, object] = {}
    for name, part, result in _measured(options):
        shown = part.table(result) if result else "not measured"
        if not options.json:
            print(shown)  # noqa: T201 the result
        if report:
            report.add(name, part.question, _command(name, options, parser), shown, result)
        figures |= _figures(name, part, result)
    if options.json:
        json.dump(figures, sys.stdout)


def _measured(options: argparse.Namespace) -> Iterator[tuple[str, Part, dict[str, Any]]]:
    """Measure the chosen parts, those that are measured within the same one after the other."""
    chosen = [name for name in PARTS if name in options.only]
    for within, names in groupby(chosen, key=lambda name: PARTS[name].within):
        with within() as running:
            for name in names:
                part = PARTS[name]
                print(f"{name}: {part.question}", file=sys.stderr)  # noqa: T201 progress
                yield name, part, part.measure(options, running)


def _figures(name: str, part: Part, result: dict[str, object]) -> dict[str, object]:
    """Return a part's figures by their keys, with the details under its name."""
    return {key: pick(result) if result else None for key, pick in part.keys.items()} | {
        name: result
    }


def _command(name: str, options: argparse.Namespace, parser: argparse.ArgumentParser) -> str:
    """Return how to measure a part again: with the options that were set."""
    chosen = vars(options).items()
    changed = {
        key: value
        for key, value in chosen
        if key not in ("only", "report", "json") and value != parser.get_default(key)
    }
    words = [f" --{key.replace('_', '-')} {value}" for key, value in changed.items()]
    return f"python -m devtools.bench --only {name}{''.join(words)}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m devtools.bench", description=__doc__)
    parser.add_argument(
        "--only", type=_parts, default=[*PARTS], help=f"these parts ({','.join(PARTS)})"
    )
    parser.add_argument("--orders", type=int, default=150, help="orders each way a round (150)")
    parser.add_argument("--lines", type=int, default=3, help="lines of each order (3)")
    parser.add_argument("--rounds", type=int, default=5, help="rounds in turns (5)")
    parser.add_argument("--placed", type=int, default=40, help="checkouts each way a round (40)")
    parser.add_argument("--at-rest", type=int, default=20, help="orders at rest a round (20)")
    parser.add_argument("--events", type=int, default=2000, help="events of a relay's round (2000)")
    _add_options_of_peers(parser)
    _add_options_of_curves(parser)
    parser.add_argument(
        "--backfill-events", type=int, default=100_000, help="events of the past (100,000)"
    )
    parser.add_argument("--calm", type=float, default=60, help="seconds of orders alone (60)")
    parser.add_argument("--rest", type=float, default=20, help="seconds of rest for memory (20)")
    parser.add_argument("--profile-seconds", type=int, default=30, help="of sampling (30)")
    parser.add_argument("--report", type=Path, help="folder for a report in Markdown, with plots")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return parser


def _parts(names: str) -> list[str]:
    """Return the parts of these names. Raises ArgumentTypeError where there is none."""
    chosen = names.split(",")
    if unknown := [name for name in chosen if name not in PARTS]:
        raise argparse.ArgumentTypeError(f"no part: {', '.join(unknown)}")
    return chosen


def _add_options_of_peers(parser: argparse.ArgumentParser) -> None:
    peers = ",".join(PEERS)
    parser.add_argument("--peers", default=peers, help=f"which ({peers})")
    parser.add_argument("--peer-events", type=int, default=1000, help="events of each (1000)")
    parser.add_argument("--kills", type=int, default=20, help="kills of a consumer of each (20)")
    parser.add_argument("--apps", type=int, default=9, help="apps that react, of each peer (9)")
    parser.add_argument(
        "--quiet", type=float, default=40, help="seconds after which what is missing is lost (40)"
    )


def _add_options_of_curves(parser: argparse.ArgumentParser) -> None:
    most = {"backlog": 100_000, "history": 10_000_000, "lines": 500, "apps": 30, "workers": 4}
    for name, size in most.items():
        parser.add_argument(
            f"--most-{name}", type=int, default=size, help=f"where this curve ends ({size:,})"
        )
    parser.add_argument("--curve-events", type=int, default=1000, help="reactions a size (1000)")
    parser.add_argument("--curve-lines", type=int, default=200, help="lines a size, orders (200)")


if __name__ == "__main__":
    main()
