"""`python -m devtools.bench`: both ways, one after the other, and their ratio; then checkouts."""

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from devtools.bench import checkout
from devtools.bench.cpu_time import cpu_seconds_below
from devtools.system import PROJECT, System, running_system, temporary_state
from devtools.waiting import wait_until
from shop.settings import REACTING_APPS

_COSTS = (
    "an order      {events:6.1f} events, {deliveries:.1f} deliveries, {messages:.1f} messages, "
    "{bytes:.0f} bytes of rows"
)
QUICK = {"PACKING_TIME": "0", "CARRIER_TRANSIT": "0", "LOG_LEVEL": "WARNING"}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m devtools.bench", description=__doc__)
    parser.add_argument("--orders", type=int, default=300, help="orders to place (300)")
    parser.add_argument("--lines", type=int, default=3, help="lines of each order (3)")
    parser.add_argument("--rounds", type=int, default=4, help="rounds of checkouts (4)")
    parser.add_argument("--placed", type=int, default=40, help="checkouts each way a round (40)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    results = {way.__name__: _measure(way, options) for way in (choreography, naive)}
    print("checkout: with all others up, and with all down", file=sys.stderr)  # noqa: T201 progress
    placing = checkout.measure(options.rounds, options.placed)
    _report(results, placing, as_json=options.json)


@contextmanager
def choreography(state: Path) -> Iterator[System]:
    """Run the shop as it is: relay and a worker per app."""
    with running_system(state, SHOP_RUN_EXCLUDE="web,flower,demo", **QUICK) as system:
        yield system


@contextmanager
def naive(state: Path) -> Iterator[System]:
    """Run the same servers, and a naive worker for each app."""
    without = ",".join(["web", "flower", "demo", "relay", *REACTING_APPS])
    with running_system(state, SHOP_RUN_EXCLUDE=without, **QUICK) as system:
        workers = [_naive_worker(app, system) for app in REACTING_APPS]
        try:
            for app in REACTING_APPS:
                wait_until(partial(_is_ready, _log(app, system)), 60, f"naive {app}")
            yield system
        finally:
            for worker in workers:
                worker.terminate()
            for worker in workers:
                worker.wait(20)


def _naive_worker(app: str, system: System) -> subprocess.Popen:
    # As the shop's own workers go: on a busy machine others would go before one way only.
    command = ["nice", "-n", "10", sys.executable, "-m", "celery", "-A", "devtools.bench.naive"]
    options = ["worker", "-Q", f"naive.{app}", "-n", f"naive-{app}@%h", "--without-gossip"]
    with _log(app, system).open("w") as log:
        return subprocess.Popen(
            [*command, *options, "--without-mingle", "--loglevel", "INFO"],
            cwd=PROJECT,
            env=system.env | {"LOG_LEVEL": "INFO"},
            stdout=log,
            stderr=log,
        )


def _is_ready(log: Path) -> bool:
    return " ready" in log.read_text()


def _log(app: str, system: System) -> Path:
    return system.state / "log" / f"naive-{app}.log"


def _measure(way, options: argparse.Namespace) -> dict:
    print(f"{way.__name__}: {way.__doc__}", file=sys.stderr)  # noqa: T201 progress
    with temporary_state() as state, way(state) as system:
        command = [sys.executable, "-m", "devtools.bench.load"]
        arguments = [str(options.orders), str(options.lines)]
        flags = ["--naive"] if way is naive else []
        before = cpu_seconds_below()
        run = subprocess.run(
            [*command, *arguments, *flags],
            cwd=PROJECT,
            env=system.env,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        worked = cpu_seconds_below() - before
    figures = json.loads(run.stdout)
    return figures | {"work": (worked + figures["placing_work"]) / figures["ended"]}


def _report(results: dict[str, dict], placing: dict[str, dict], *, as_json: bool) -> None:
    rates = {way: result["ended"] / result["settled"] for way, result in results.items()}
    ratio = rates["choreography"] / rates["naive"]
    work_ratio = results["naive"]["work"] / results["choreography"]["work"]
    if as_json:
        figures = {"orders_per_second": rates, "ratio": ratio, "work_ratio": work_ratio}
        figures |= {"checkout": placing}
        json.dump({**results, **figures}, sys.stdout)
        return
    for way, result in results.items():
        print(  # noqa: T201 the result
            f"{way:13} {rates[way]:6.1f} orders settled per second "
            f"({result['ended']:.0f} of {result['orders']:.0f} in {result['settled']:.1f} s), "
            f"{result['work'] * 1000:.0f} ms of the processors each"
        )
    print(f"ratio         {ratio:6.2f}, of work {work_ratio:.2f}")  # noqa: T201 the result
    print(_COSTS.format(**results["choreography"]["costs"]))  # noqa: T201 the result
    print(checkout.table(placing))  # noqa: T201 the result


if __name__ == "__main__":
    main()
