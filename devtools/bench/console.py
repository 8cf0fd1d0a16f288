"""How long the pages of operators and staff, and an audit, take over a long history.

The database is of its own.

Exit status 1 when a page takes more than 300 ms at the median, or a query scans a big table.

python -m devtools.bench.console [--events 1000000] [--reactions 5000000] [--rounds 15] [--json]
"""

import argparse
import json
import sys

from devtools.bench.isolated_run import run_isolated

#: Milliseconds at the median.
LIMIT = 300
QUICK = {"PACKING_TIME": "0", "CARRIER_TRANSIT": "0"}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m devtools.bench.console", description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000, help="how many (1,000,000)")
    parser.add_argument("--reactions", type=int, default=5_000_000, help="how many (5,000,000)")
    parser.add_argument("--rounds", type=int, default=15, help="requests of each page (15)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    output = run_isolated(
        "operator_pages", options.events, options.reactions, options.rounds, **QUICK
    )
    result = json.loads(output)
    print(output if options.json else table(result))  # noqa: T201 the result
    sys.exit(bool(_slow(result) or _scans(result)))


def table(result: dict) -> str:
    """Return the figures for people, and what is wrong with them."""
    head = f"{result['events']:,} events, {result['reactions']:,} reactions"
    disk = f"{result['disk'] / 1e9:.1f} GB with their indexes, made in {result['filled']:.0f} s"
    title = f"{'ms on the server':26}  median    p95  processor  queries  rows read"
    pages = [
        f"{name:26} {page['median']:7.1f} {page['p95']:6.1f} {page['processor']:10.1f}"
        f" {page['queries']:8} {page['most_rows']:10,}"
        for name, page in result["pages"].items()
    ]
    audit = (
        f"an audit of {len(result['audit'])} rules: {sum(result['audit'].values()):.1f} s, "
        f"the longest rule {max(result['audit'].values()):.1f} s"
    )
    live = f"the statement behind Now, once a second: {result['statement']:.1f} ms"
    slow = [f"over {LIMIT} ms: {name}" for name in _slow(result)]
    scans = [f"{name} scans a big table: {' '.join(sql.split())}" for name, sql in _scans(result)]
    return "\n".join([f"{head}: {disk}", title, *pages, live, audit, *slow, *scans])


def _slow(result: dict) -> list[str]:
    return [name for name, page in result["pages"].items() if page["median"] > LIMIT]


def _scans(result: dict) -> list[tuple[str, str]]:
    return [(name, sql) for name, page in result["pages"].items() for sql in page["scans"]]


if __name__ == "__main__":
    main()
