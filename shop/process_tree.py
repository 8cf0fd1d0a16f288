"""No process is left behind, however another one ends.

The kernel's help is Linux's: elsewhere, killing `make run` with -9 leaves supervisord running.
"""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import psutil

PR_SET_PDEATHSIG = 1
PR_SET_NAME = 15
PR_SET_CHILD_SUBREAPER = 36

_starter = ThreadPoolExecutor(max_workers=1, thread_name_prefix="starter")

#: A process may start another while it is being killed; that one is met in the next round.
KILL_ROUNDS = 3


def become_subreaper() -> None:
    """Become the parent of every descendant that loses its own."""
    _prctl(PR_SET_CHILD_SUBREAPER, 1)


def end_with_parent() -> None:
    """Have the kernel send this process TERM when the one that started it ends."""
    _prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def set_name(name: str) -> None:
    """Have `ps` and `top` show this process by a name."""
    _prctl(PR_SET_NAME, name.encode())


def start(command: Sequence[str], **options: Any) -> subprocess.Popen[bytes]:
    """Start a process that ends with this one, whichever thread asks for it.

    The kernel's promise is about the thread that has started it: that one has to stay.
    """

    def started() -> subprocess.Popen[bytes]:
        return subprocess.Popen(command, preexec_fn=end_with_parent, **options)

    return _starter.submit(started).result()


def _prctl(option: int, value: int | bytes) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value)


def lives(pid: int) -> bool:
    """Tell whether there is such a process that has not ended."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def wait_for_exit(pid: int) -> None:
    """Return when our child `pid` has ended. Adopted ones that end meanwhile leave no zombie."""
    while os.wait()[0] != pid:
        pass


def kill_all() -> None:
    """Kill every process below this one, and those they start meanwhile."""
    for _ in range(KILL_ROUNDS):
        children = psutil.Process().children(recursive=True)
        for child in children:
            with suppress(psutil.NoSuchProcess):
                child.kill()
        psutil.wait_procs(children, timeout=1)
