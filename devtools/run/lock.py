"""One system at a time in a state folder."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from devtools.waiting import wait_until
from shop.process_tree import lives

#: Seconds the remains of a killed system may take to end before we give up waiting for them.
LOCK_TIMEOUT = 15


@contextmanager
def only_one(state: Path, where: str) -> Iterator[TextIO]:
    """Hold the state folder's lock; `where` tells others how to reach this system.

    Whoever inherits the file yielded holds the lock too. Raises SystemExit if a system runs
    already.
    """
    state.mkdir(parents=True, exist_ok=True)
    with (state / "lock").open("a+") as file:
        if not _try_lock(file):
            _refuse_if_alive(state, file)
            wait_until(
                lambda: _try_lock(file), LOCK_TIMEOUT, f"the end of the last system in {state}"
            )
        file.truncate(0)
        file.write(f"{os.getpid()} {where}")
        file.flush()
        yield file


def _try_lock(file: TextIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _refuse_if_alive(state: Path, file: TextIO) -> None:
    """Raise SystemExit unless the lock's holder is gone; its supervisord may take a moment more."""
    file.seek(0)
    pid, _, where = file.read().partition(" ")
    if not pid or lives(int(pid)):
        raise SystemExit(f"already running: process {pid} serves {where} from {state}")
