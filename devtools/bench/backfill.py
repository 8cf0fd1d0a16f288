"""What others notice while an app is fed the past, and how fast that goes.

So many events are written as published long ago, of which analytics has had none. Orders are placed
calmly, one every two seconds: for a while with nothing else to do, and then while `manage.py
backfill analytics` runs. Compared is how long the other apps took from emitted to done.
"""

import sys
import time
from typing import Any

from devtools.bench.backlog import APP, others_times, placing_orders, run_load
from devtools.system import System

#: Seconds in which what was emitted last is done.
SETTLE = 5.0


def measure(system: System, events: int, calm: float) -> dict[str, Any]:
    """Measure a backfill of so many events after `calm` seconds of orders alone.

    Raises RuntimeError where it fails.
    """
    run_load(system, "history", str(events)).wait()
    with placing_orders(system):
        began = time.time()
        time.sleep(calm)
        started = time.time()
        done = system.manage("backfill", APP)
        seconds = time.time() - started
        print(done.stdout, done.stderr, file=sys.stderr)  # noqa: T201 progress
        if done.returncode:
            raise RuntimeError("the backfill has failed")
        time.sleep(max(calm - seconds, 0.0))
        ended = time.time()
        time.sleep(SETTLE)
    before, during = others_times(system, began, started), others_times(system, started, ended)
    return {
        "events": events,
        "seconds": seconds,
        "rate": events / seconds,
        "before": before,
        "while": during,
        "median_ratio": during["median"] / before["median"],
        "p95_ratio": during["p95"] / before["p95"],
    }


def table(result: dict[str, Any]) -> str:
    """Return the figures for people."""
    lines = [
        f"{result['events']:,} events of the past fed to {APP} in {result['seconds']:.0f} s, "
        f"{result['rate']:.0f} a second"
    ]
    for name in ("before", "while"):
        of = result[name]
        lines.append(
            f"others, {name:6}: {of['reactions']:5.0f} reactions, ms from emitted to done: "
            f"median {of['median']:.0f}  p95 {of['p95']:.0f}"
        )
    ratios = result["median_ratio"], result["p95_ratio"]
    return "\n".join([*lines, "while to before: median {:.2f}  p95 {:.2f}".format(*ratios)])
