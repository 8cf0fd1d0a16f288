"""How long the server takes for each page of a large catalogue, in a database of its own.

python -m devtools.bench.catalogue [--variants 50000] [--rounds 30] [--json]
"""

import argparse
import json

from devtools.bench.isolated_run import run_isolated


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m devtools.bench.catalogue", description=__doc__)
    parser.add_argument("--variants", type=int, default=50_000, help="how many (50,000)")
    parser.add_argument("--rounds", type=int, default=30, help="requests of each page (30)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    output = run_isolated("pages", options.variants, options.rounds)
    print(output if options.json else _table(json.loads(output)))  # noqa: T201 the result


def _table(result: dict) -> str:
    head = f"{result['variants']:,} variants of {result['products']:,} products"
    filled = f"{head}, filled in {result['filled']:.0f} s"
    title = f"{'ms on the server':25}  median    p95  processor"
    pages = [
        f"{name:25} {times['median']:7.1f} {times['p95']:6.1f} {times['processor']:10.1f}"
        for name, times in result["pages"].items()
    ]
    return "\n".join([filled, title, *pages])


if __name__ == "__main__":
    main()
