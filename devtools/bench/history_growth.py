"""How quick the relay's claim and the inbox's check are when years of history are there.

Two years of months, in a database of its own. At each size it is measured how long the
processors work, here and in the database, for the relay to claim 200 events that were just
emitted and to make their deliveries, and for a worker to find that a message of any time in
history was handled; how many blocks of the database these read; and whether any of it reads a
table whole. Then a month is archived and put back.

python -m devtools.bench.history_growth [--rows 200000] [--json]
"""

import argparse
import json
from typing import Any

from devtools.bench.isolated_run import run_isolated


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m devtools.bench.history_growth", description=__doc__
    )
    parser.add_argument("--rows", type=int, default=200_000, help="rows in the end (200,000)")
    parser.add_argument("--rounds", type=int, default=15, help="claims at each size (15)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    output = run_isolated("claim_and_check", options.rows, options.rounds)
    print(output if options.json else _table(json.loads(output)))  # noqa: T201 the result


def _table(result: dict[str, Any]) -> str:
    first = result["sizes"][0]
    lines = [f"{'rows':>11}  claim ms (ratio)  check ms (ratio)  blocks claim/check  whole tables"]
    lines += [
        f"{size['rows']:11,}  {size['claim']:8.2f} {size['claim'] / first['claim']:7.2f}"
        f"  {size['check']:8.3f} {size['check'] / first['check']:7.2f}"
        f"  {size['claim_blocks']:8} / {size['check_blocks']:<7}"
        f"  {', '.join(size['whole_tables']) or 'none'}"
        for size in result["sizes"]
    ]
    month = (
        "a month of {events:,} events and {deliveries:,} deliveries: archived in {archived:.1f} s "
        "({megabytes:.1f} MB), put back in {restored:.1f} s"
    )
    row = "bytes of a row with its indexes: event {event:.0f}, delivery {delivery:.0f}"
    return "\n".join([*lines, month.format(**result["month"]), row.format(**result["bytes"])])


if __name__ == "__main__":
    main()
