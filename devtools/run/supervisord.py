"""supervisord whose Python programs are forked from it: they share what it has imported.

A program that is `python` in `supervisord.conf` runs in the forked process itself, where
supervisord would start another interpreter: imports are done once, and their memory is shared.
"""

import atexit
import gc
import importlib
import os
import runpy
import signal
import sys
import threading
import traceback
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

import django
from supervisor import supervisord
from supervisor.options import ServerOptions

from shop import process_tree

#: What the workers import besides Django's apps.
IMPORTS = (
    "celery.bin.celery",
    "celery.concurrency.prefork",
    "celery.worker.worker",
    "eventbus.messaging.consumer",
    "eventbus.messaging.control",
    "eventbus.messaging.handling",
    "eventbus.messaging.node",
    "eventbus.messaging.worker",
)


class Options(ServerOptions):
    """What supervisord asks of the operating system."""

    def execve(self, filename: str, argv: Sequence[str], env: Mapping[str, str]) -> None:
        """Become the program in this process, which was forked for it."""
        nice, command = _niceness(argv)
        if command[0] != "python":
            super().execve(filename, argv, env)
        os.nice(nice)
        os.environ.clear()
        os.environ.update(env)
        process_tree.set_name(env["SUPERVISOR_PROCESS_NAME"])
        _reset_signals()
        _end(_run(command[1:]))


def _niceness(argv: Sequence[str]) -> tuple[int, Sequence[str]]:
    """Return what `nice -n` says before a command, and the command."""
    return (int(argv[2]), argv[3:]) if argv[0] == "nice" else (0, argv)


def _reset_signals() -> None:
    """Forget supervisord's handlers, as a new interpreter would."""
    for number in signal.valid_signals():
        if callable(signal.getsignal(number)):
            signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _run(argv: Sequence[str]) -> int:
    """Run a module or a file as `python` would; returns its exit code."""
    try:
        if argv[0] == "-m":
            sys.argv = list(argv[1:])
            runpy.run_module(argv[1], run_name="__main__", alter_sys=True)
        else:
            sys.argv = list(argv)
            runpy.run_path(argv[0], run_name="__main__")
    except SystemExit as end:
        return _exit_code(end.code)
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


def _exit_code(said: Any) -> int:
    if said is None or isinstance(said, int):
        return said or 0
    sys.stderr.write(f"{said}\n")
    return 1


def _end(code: int) -> NoReturn:
    """End as an interpreter does. What is left of supervisord in this process is not undone."""
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def preload() -> None:
    """Import what programs need, into memory that no garbage collection marks afterwards."""
    django.setup()
    for name in IMPORTS:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()


def main() -> None:
    preload()
    supervisord.ServerOptions = Options
    supervisord.main()


if __name__ == "__main__":
    main()
