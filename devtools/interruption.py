"""Ends a long command as soon as somebody no longer wants it, and without a traceback."""

import signal
import sys
from typing import NoReturn


def end_in_order() -> None:
    """End by SystemExit when Ctrl-C or SIGTERM comes: what was put up is taken down first.

    The exit status is that of a shell: 128 and the signal's number.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _end)


def _end(number: int, _: object) -> NoReturn:
    sys.exit(128 + number)
