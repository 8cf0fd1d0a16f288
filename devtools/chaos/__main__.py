"""Put a system of its own through a storm of faults; prove that nothing was lost or doubled.

Shoppers order by way of the API while programs are killed and frozen, servers go away, messages
come twice and in any order, and the world outside fails, by a schedule that the seed decides.
Then everything is put up again, and when all is settled the audit must be clean. Exits with 0
when it is. The report is written to SHOP_STATE/chaos.
"""

import argparse
import json
import math
import os
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from devtools.chaos.load import RATE
from devtools.chaos.valkey import running_valkey
from devtools.embedded import database_url
from devtools.interruption import end_in_order
from devtools.system import PROJECT, temporary_state


def main() -> int:
    """Run the command line; returns the exit status."""
    options = _parser().parse_args()
    reports = Path(os.environ.get("SHOP_STATE") or PROJECT / "var").resolve() / "chaos"
    end_in_order()
    with temporary_state() as state, _broker(options.broker, state) as broker:
        # Read by the settings, which are not imported yet: this process speaks to the same servers.
        addresses = {"DATABASE_URL": database_url(state), "BROKER_URL": broker.url}
        os.environ |= {"SHOP_STATE": str(state), "LOG_LEVEL": "WARNING", **addresses}
        from devtools.chaos.options import Options
        from devtools.chaos.run import run

        result = run(state, broker, Options.of(options), reports)
    if options.json:
        print(json.dumps(result))  # noqa: T201 the result
    return 0 if result["ok"] else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m devtools.chaos",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--seed", type=int, default=1, help="decides faults and shoppers (1)")
    parser.add_argument(
        "--orders", type=_positive(int), default=200, help="shoppers who come (200)"
    )
    parser.add_argument(
        "--minutes",
        type=_positive(float),
        help=f"how long they come (orders / {RATE}, at least half)",
    )
    parser.add_argument("--broker", choices=["valkey", "rabbitmq"], default="valkey")
    parser.add_argument("--only", default="", help="these faults alone, by comma; see --list")
    parser.add_argument("--list", action=_List, nargs=0, help="show the faults, and exit")
    parser.add_argument("--json", action="store_true", help="end with one JSON object")
    return parser


def _positive(number: Callable[[str], float]) -> Callable[[str], float]:
    def read(text: str) -> float:
        value = number(text)
        if not 0 < value < math.inf:
            raise argparse.ArgumentTypeError(f"{text} is not above 0")
        return value

    # What argparse calls it when it cannot be read at all.
    read.__name__ = "number"
    return read


class _List(argparse.Action):
    def __call__(self, *_: Any) -> None:
        from devtools.chaos.faults import FAULTS

        for fault in FAULTS.values():
            sys.stdout.write(f"{fault.name:18}{' '.join(fault.does.split())}\n")
        sys.exit()


def _broker(name: str, state: Path) -> AbstractContextManager[Any]:
    if name == "valkey":
        return running_valkey(state)
    from devtools.chaos.rabbitmq import rabbitmq

    return rabbitmq()


if __name__ == "__main__":
    sys.exit(main())
