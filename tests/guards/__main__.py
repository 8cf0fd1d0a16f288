"""Take out each guard of the list in turn: its tests must fail without it, and pass with it.

Works on a copy of the project, with servers of its own. A test that surprises is run once more, by
itself. Exit status 1 if a test fails with all guards in place, or does not with one taken out.
`docs/guards.md` is written when all guards were tried and each was missed; else it stays as it is.
"""

import argparse
import sys

from devtools.chaos import rabbitmq
from devtools.system import PROJECT
from tests.guards import page
from tests.guards.catalogue import GUARDS
from tests.guards.guard import Guard
from tests.guards.trial import Trial, trial


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.guards", description=__doc__)
    parser.add_argument(
        "--only",
        default="",
        help="guards with one of these in their name, by comma; writes no page",
    )
    only = parser.parse_args().only
    chosen = [guard for guard in GUARDS if any(part in guard.name for part in only.split(","))]
    if any(guard.rabbitmq for guard in chosen) and not rabbitmq.program():
        parser.error(rabbitmq.MISSING)
    for guard in chosen:
        guard.source(PROJECT)
    with trial() as tried:
        silent = _try_each(tried, chosen)
    if not (silent or only):
        page.write(chosen)
    _say(f"{len(chosen)} guards; {silent} without a test that tells")
    return 1 if silent else 0


def _try_each(tried: Trial, guards: list[Guard]) -> int:
    """Count how many guards are missed by no test."""
    tests = sorted({test for guard in guards for test in guard.tests})
    _say(f"with all guards: {len(tests)} tests")
    if failing := tried.failing(tests):
        sys.exit(f"{tried.output}\nwith all guards in place these fail: {' '.join(failing)}")
    missed_by_none = 0
    for guard in guards:
        silent = tried.silent(guard)
        missed_by_none += bool(silent)
        _say(f"{'NO TEST TELLS' if silent else 'missed':<14} {guard.name} {' '.join(silent)}")
    return missed_by_none


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 progress


if __name__ == "__main__":
    sys.exit(main())
