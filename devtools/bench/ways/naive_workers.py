"""`python -m devtools.bench.ways.naive_workers`: a naive worker for each app.

All are forked from one process that has imported what they need, as those of `make run` are.
"""

import os
from typing import NoReturn

from devtools.bench.ways import naive
from devtools.bench.ways.running import QUICK, naive_log
from devtools.run import forked
from devtools.run.priorities import niceness
from shop import process_tree
from shop.settings import REACTING_APPS, STATE


def main() -> None:
    """Start the workers, and end when all of them have ended."""
    forked.preload()
    for app in REACTING_APPS:
        if not os.fork():
            _work(app)
    for _ in REACTING_APPS:
        os.wait()


def _work(app: str) -> NoReturn:
    """Work off an app's queue in this process, which was forked for it."""
    process_tree.end_with_parent()
    process_tree.set_name(f"naive-{app}")
    # As the shop's own workers go: on a busy machine others would go before one way only.
    os.nice(niceness(app))
    with naive_log(app, STATE).open("w") as log:
        for output in (1, 2):
            os.dup2(log.fileno(), output)
    options = ["-Q", f"naive.{app}", "-n", f"naive-{app}@%h", "--without-gossip"]
    try:
        naive.app.worker_main(
            ["worker", *options, "--without-mingle", "--loglevel", QUICK["LOG_LEVEL"]]
        )
    finally:
        os._exit(0)


if __name__ == "__main__":
    main()
