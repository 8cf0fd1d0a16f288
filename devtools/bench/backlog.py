"""How an app works off what has built up while it was off, and what others notice of it.

Analytics is stopped, and so many events are emitted that it alone reacts to. Orders are placed
calmly, one every two seconds: for a while with analytics off, and then while it is on again and
works off what waits. Measured are the memory of its worker, all its processes, and how long the
other apps took from emitted to done.

python -m devtools.bench.backlog [--events 20000] [--json]
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import psutil
import psycopg

from devtools.embedded import database_url
from devtools.system import PROJECT, System, running_system, temporary_state
from devtools.waiting import wait_until

APP = "analytics"
QUICK = {"PACKING_TIME": "0", "CARRIER_TRANSIT": "0", "LOG_LEVEL": "WARNING"}
#: Seconds of orders alone, and seconds within which something must have come about.
BEFORE, WITHIN = 60, 1800
#: Events that wait at any moment, as orders are placed all the time.
FEW = 50

_UNPUBLISHED = """
    select count(*) from eventbus_outboxevent where published_at is null and publish_after <= now()
"""
_WAITING = f"select count(*) from eventbus_delivery where app = '{APP}' and state = 'waiting'"
_PLACED = "select count(*) from orders_order"
_WAITS = f"""
    select extract(epoch from d.closed_at - e.publish_after) * 1000
    from eventbus_delivery d join eventbus_outboxevent e on e.id = d.event_id
    where d.state = 'done' and d.app <> '{APP}' and e.publish_after between %s and %s
"""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m devtools.bench.backlog", description=__doc__)
    parser.add_argument("--events", type=int, default=20_000, help="events that wait (20,000)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    with (
        temporary_state() as state,
        running_system(state, SHOP_RUN_EXCLUDE="web,flower,demo", **QUICK) as system,
    ):
        result = measure(system, options.events)
    print(json.dumps(result) if options.json else _table(result))  # noqa: T201 the result


def measure(system: System, events: int) -> dict[str, Any]:
    """Measure how a backlog is worked off, and the other apps' times `before` and `while` it is."""
    system.stop_program(APP)
    run_load(system, "backlog", str(events)).wait()
    wait_until(lambda: not _one(system, _UNPUBLISHED), WITHIN, "all is published")
    with placing_orders(system):
        began = time.time()
        time.sleep(BEFORE)
        started = time.time()
        system.start_program(APP)
        memory = list(_memory(system))
        ended = time.time()
    return {
        "events": events,
        "seconds": ended - started,
        "memory": _memory_figures(memory),
        "before": others_times(system, began, started),
        "while": others_times(system, started, ended),
    }


@contextmanager
def placing_orders(system: System) -> Iterator[None]:
    """Place an order every two seconds, as long as the block runs."""
    there = _one(system, _PLACED)
    process = run_load(system, "orders")
    try:
        wait_until(lambda: _one(system, _PLACED) > there + 3, WITHIN, "orders")
        yield
    finally:
        process.terminate()
        process.wait()


def run_load(system: System, *arguments: str) -> subprocess.Popen:
    """Start `background_load` with these arguments."""
    command = [sys.executable, "-m", "devtools.bench.background_load", *arguments]
    return subprocess.Popen(command, cwd=PROJECT, env=system.env)


def _memory(system: System) -> Iterator[tuple[int, float]]:
    """Yield, each second until it has caught up, how many events wait and the worker's MiB."""
    while (waiting := _one(system, _WAITING)) > FEW:
        size = _mib(psutil.Process(system.pid(APP)))
        print(f"{waiting:,} wait, {size:.0f} MiB", file=sys.stderr)  # noqa: T201 progress
        yield waiting, size
        time.sleep(1)


def _mib(process: psutil.Process) -> float:
    processes = [process, *process.children(recursive=True)]
    return sum(each.memory_full_info().pss for each in processes) / 2**20


def _memory_figures(samples: list[tuple[int, float]]) -> dict[str, float]:
    """Return the medians of the first tenth and of the last, and the maximum."""
    sizes = [size for _, size in samples]
    some = max(len(sizes) // 10, 1)
    first, last = statistics.median(sizes[:some]), statistics.median(sizes[-some:])
    return {"first": first, "last": last, "most": max(sizes), "samples": len(sizes)}


def others_times(system: System, since: float, until: float) -> dict[str, float]:
    """Return milliseconds from emitted to done of events of this time, in all apps but `APP`."""
    waits = [float(ms) for (ms,) in _rows(system, _WAITS, [_moment(since), _moment(until)])]
    return {
        "reactions": len(waits),
        "median": statistics.median(waits),
        "p95": statistics.quantiles(waits, n=20)[-1],
    }


def _moment(seconds: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S+00", time.gmtime(seconds))


def _one(system: System, query: str) -> int:
    return _rows(system, query)[0][0]


def _rows(system: System, query: str, parameters: list[Any] | None = None) -> list[tuple]:
    with closing(psycopg.connect(database_url(system.state), autocommit=True)) as connection:
        return connection.execute(query, parameters).fetchall()


def _table(result: dict[str, Any]) -> str:
    before, during, memory = result["before"], result["while"], result["memory"]
    rate = result["events"] / result["seconds"]
    return "\n".join(
        [
            f"{result['events']:,} events worked off in {result['seconds']:.0f} s, "
            f"{rate:.0f} a second",
            f"its worker: {memory['first']:.0f} MiB at first, {memory['last']:.0f} at last, "
            f"{memory['most']:.0f} at most",
            *(
                f"others, {name:6}: {of['reactions']:5.0f} reactions, ms from emitted to done: "
                f"median {of['median']:.0f}  p95 {of['p95']:.0f}"
                for name, of in (("before", before), ("while", during))
            ),
            f"p95 while to before {during['p95'] / before['p95']:.2f}",
        ]
    )


if __name__ == "__main__":
    main()
